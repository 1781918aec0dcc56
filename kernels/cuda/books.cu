// What each card-holder shows: the twin of _card_states_numpy in kernels/books.py, equal to the bit.
//
// What it costs is writing: 12 bytes a holder and moment, whatever happens. So a thread of card_states
// takes WIDTH neighbouring holders through a run of moments in order of time, and stores 16 bytes at once
// where WIDTH is 4. Where its holders are in the show stays in registers: a turn that comes up within the
// run is read once, 13 bytes, and a moment at which nobody turns costs two comparisons a holder and three
// stores. A holder who turns costs no division, but a multiplication by the reciprocal of the turn's time,
// put right by one.
//
// Arrays are (turns, holders) or (gestures, holders), the holder fastest. Words hold the bytes R, G, B, A in
// memory order. Moments are sorted; slot says where in the output each belongs.

namespace {

const unsigned int RGB = 0x00ffffffu;
const unsigned int AT_REST = 0xff800080u;
const long long NEVER = 0x7fffffffffffffffLL;
const int ONE = 1 << 16;
const int SAMPLES = 32;
enum { RAISE, LOWER, TILT, SHAKE };

__device__ long long eased(const long long part) { return (part * part * (3 * ONE - 2 * part)) >> 32; }

__device__ long long smoothstep(const long long elapsed, const long long duration)
{
    return eased((elapsed << 16) / duration);
}

// Divides without a division, by the reciprocal (2^64 - 1) / divisor: for a dividend below 2^62 the upper
// half of their product falls short by one at most.
__device__ long long divided(
    const long long dividend, const long long divisor, const unsigned long long reciprocal)
{
    const long long quotient = __umul64hi(dividend, reciprocal);
    return quotient + (dividend - quotient * divisor >= divisor);
}

// How far the book is held over a time, 0 to 255.
__device__ unsigned int held(
    const long long from, const long long until, const long long at, const long long length)
{
    const long long begin = from > at ? from : at;
    const long long end = until < at + length ? until : at + length;
    if (begin >= end || end - begin >= length) {
        return begin >= end ? 255 : 0;
    }
    return (unsigned int)((255 * (length - (end - begin)) + (length >> 1)) / length);
}

template <int WIDTH>
__device__ void store(unsigned int *to, const unsigned int (&words)[WIDTH])
{
    if constexpr (WIDTH == 4) {
        __stcs((uint4 *)to, make_uint4(words[0], words[1], words[2], words[3])); // nobody here reads it again
    } else {
        for (int lane = 0; lane < WIDTH; ++lane) {
            __stcs(to + lane, words[lane]);
        }
    }
}

struct Section {
    const long long *__restrict__ start;
    const long long *__restrict__ turn;
    const unsigned long long *__restrict__ reciprocal;
    const signed char *__restrict__ direction;
    const unsigned int *__restrict__ shown;
    const long long *__restrict__ dropped;
    int holders;
};

struct Moments {
    const int *__restrict__ slot;
    const long long *__restrict__ at;
    const int *__restrict__ settled;
    const int *__restrict__ newest;
    const bool *__restrict__ gestures;
    int count, run;
};

template <int WIDTH>
__device__ void at_instants(const Section section, const Moments moments, unsigned int *__restrict__ out)
{
    const int holder = (blockIdx.x * blockDim.x + threadIdx.x) * WIDTH;
    const int holders = section.holders;
    const int first = blockIdx.y * moments.run;
    const int after = moments.count - first < moments.run ? moments.count : first + moments.run;
    if (holder >= holders || first >= after) {
        return;
    }
    const int settled = moments.settled[first], limit = moments.newest[after - 1];
    unsigned int old_page[WIDTH], new_page[WIDTH];
    long long ends[WIDTH]; // when the newest turn ends
    long long next[WIDTH]; // when the turn after it begins
    int newest_turn[WIDTH], next_turn[WIDTH];
    bool drops = false;

    // Look for the next turn of this holder's among those that begin within the run.
    const auto look_ahead = [&](const int lane, const int done) {
        int found = done + 1;
        while (found <= limit && section.direction[(long long)found * holders + holder + lane] == 0) {
            ++found;
        }
        next_turn[lane] = found;
        next[lane] = found <= limit ? section.start[(long long)found * holders + holder + lane] : NEVER;
    };
#pragma unroll
    for (int lane = 0; lane < WIDTH; ++lane) {
        newest_turn[lane] = settled;
        next_turn[lane] = limit + 1;
        old_page[lane] = new_page[lane] = section.shown[(long long)settled * holders + holder + lane];
        ends[lane] = -NEVER;
        next[lane] = NEVER;
        if (new_page[lane]) { // an empty cell stays as it is
            look_ahead(lane, settled);
            const long long from = section.dropped[holder + lane];
            const long long until = section.dropped[holders + holder + lane];
            drops |= from < until && from <= moments.at[after - 1] && until > moments.at[first];
        }
    }

    for (int moment = first; moment < after; ++moment) {
        const long long now = moments.at[moment];
        unsigned int above[WIDTH], below[WIDTH], pose[WIDTH];
#pragma unroll
        for (int lane = 0; lane < WIDTH; ++lane) {
            while (next[lane] <= now) {
                const int begun = next_turn[lane];
                old_page[lane] = new_page[lane];
                new_page[lane] = section.shown[(long long)begun * holders + holder + lane];
                newest_turn[lane] = begun;
                ends[lane] = next[lane] + section.turn[begun];
                look_ahead(lane, begun);
            }
            below[lane] = new_page[lane];
            above[lane] = new_page[lane] & RGB;
            pose[lane] = new_page[lane] ? AT_REST : 0;
            if (now < ends[lane]) {
                const int begun = newest_turn[lane];
                const long long duration = section.turn[begun];
                const long long elapsed = now - (ends[lane] - duration);
                const long long part = divided(elapsed << 16, duration, section.reciprocal[begun]);
                const int progress = (int)((eased(part) * 255 + 32768) >> 16);
                const unsigned int turned = progress < 1 ? 1 : progress;
                if (section.direction[(long long)begun * holders + holder + lane] > 0) {
                    above[lane] = (old_page[lane] & RGB) | turned << 24;
                } else {
                    above[lane] = (new_page[lane] & RGB) | (256 - turned) << 24;
                    below[lane] = old_page[lane];
                }
            }
        }
        if (drops) {
            for (int lane = 0; lane < WIDTH; ++lane) {
                const long long from = section.dropped[holder + lane];
                const long long until = section.dropped[holders + holder + lane];
                pose[lane] &= now >= from && now < until ? RGB : ~0u;
            }
        }
        unsigned int *picture = out + (long long)moments.slot[moment] * 3 * holders + holder;
        store<WIDTH>(picture, above);
        store<WIDTH>(picture + holders, below);
        if (!moments.gestures[moment]) { // else card_poses writes it
            store<WIDTH>(picture + 2 * (long long)holders, pose);
        }
    }
}

} // namespace

extern "C" __global__ void card_states(
    const long long *__restrict__ start,                // (turns, holders) ticks
    const long long *__restrict__ turn,                 // (turns) ticks
    const unsigned long long *__restrict__ reciprocal,  // (turns) (2^64 - 1) / turn
    const signed char *__restrict__ direction,          // (turns, holders) 1 forward, -1 back, 0 none
    const unsigned int *__restrict__ shown,             // (turns, holders) what is shown after the turn
    const long long *__restrict__ dropped,              // (2, holders) ticks from and until
    const int *__restrict__ slot,                       // (moments) place in the output
    const long long *__restrict__ at,                   // (moments) ticks, rising
    const int *__restrict__ settled,                    // (moments) newest turn that all holders have ended
    const int *__restrict__ newest,                     // (moments) newest turn that any may have begun
    const bool *__restrict__ gestures,                  // (moments) whether any are under way
    const int holders,
    const int count,
    const int run,
    unsigned int *__restrict__ out)                     // (frames, 3, holders): above, below, pose
{
    const Section section = {start, turn, reciprocal, direction, shown, dropped, holders};
    const Moments moments = {slot, at, settled, newest, gestures, count, run};
    if (holders % 4 == 0) {
        at_instants<4>(section, moments, out);
    } else {
        at_instants<1>(section, moments, out);
    }
}

// A turn's mean progress over an exposure, 0 to ONE: Simpson's rule, exact for a cubic.
static __device__ long long share(
    const long long start, const long long turn, const long long at, const long long exposure)
{
    const long long stop = at + exposure, end_of_turn = start + turn;
    const long long begin = at < start ? 0 : at - start;
    const long long end = stop > end_of_turn ? turn : stop - start;
    const long long full_from = at > end_of_turn ? at : end_of_turn;
    long long sum = stop > full_from ? (stop - full_from) << 16 : 0;
    if (turn) {
        const long long middle = smoothstep((begin + end) >> 1, turn);
        sum += (end - begin) * ((smoothstep(begin, turn) + 4 * middle + smoothstep(end, turn)) / 6);
    }
    return (sum + (exposure >> 1)) / exposure;
}

// A thread a holder and moment.
extern "C" __global__ void card_states_exposed(
    const long long *start,
    const long long *turn,
    const signed char *direction,
    const unsigned int *shown,
    const long long *dropped,
    const int *decode,              // (256) linear light of each sRGB byte, 0 to 65,535
    const unsigned char *encode,    // (65536) and back
    const int *slot,
    const long long *at,
    const long long *exposure,      // (moments) ticks, more than 0
    const int *settled,
    const int *newest,              // (moments) newest turn that anyone begins before the exposure is over
    const bool *gestures,           // (moments) whether any are under way
    const int holders,
    const int moments,
    unsigned int *out)
{
    const int holder = blockIdx.x * blockDim.x + threadIdx.x;
    if (holder >= holders) {
        return;
    }
    for (int moment = blockIdx.y; moment < moments; moment += gridDim.y) {
        const long long now = at[moment], open = exposure[moment];
        unsigned int page = shown[(long long)settled[moment] * holders + holder];
        unsigned int pose = 0, seen = 0;
        if (page) {
            long long light[3];
            for (int channel = 0; channel < 3; ++channel) {
                light[channel] = (long long)decode[page >> 8 * channel & 255] << 16;
            }
            for (int number = settled[moment] + 1; number <= newest[moment]; ++number) {
                const long long here = (long long)number * holders + holder;
                if (direction[here] == 0 || start[here] >= now + open) {
                    continue;
                }
                const unsigned int former = page;
                page = shown[here];
                // What was over before counts in full.
                const long long part = start[here] + turn[number] <= now
                    ? ONE
                    : share(start[here], turn[number], now, open);
                for (int channel = 0; channel < 3; ++channel) {
                    light[channel]
                        += part * (decode[page >> 8 * channel & 255] - decode[former >> 8 * channel & 255]);
                }
            }
            for (int channel = 0; channel < 3; ++channel) {
                seen |= (unsigned int)encode[(light[channel] + 32768) >> 16] << 8 * channel;
            }
            pose = (AT_REST & RGB) | held(dropped[holder], dropped[holders + holder], now, open) << 24;
        }
        unsigned int *picture = out + (long long)slot[moment] * 3 * holders + holder;
        picture[0] = seen;
        picture[holders] = page ? seen | ~RGB : 0;
        if (!gestures[moment]) {
            picture[2 * (long long)holders] = pose;
        }
    }
}

// Poses where gestures are under way, at instants and over exposures: a thread a holder and moment.
extern "C" __global__ void card_poses(
    const long long *__restrict__ numbers,              // (gestures, 5) kind, move, hold, amount, period
    const unsigned long long *__restrict__ reciprocals, // (gestures, 2) of move and of period
    const long long *__restrict__ begins,               // (gestures, holders) ticks; NEVER for others
    const unsigned int *__restrict__ shown,             // (turns, holders)
    const long long *__restrict__ dropped,
    const int *__restrict__ slot,
    const long long *__restrict__ at,
    const long long *__restrict__ exposure,             // (moments) ticks; 0 for an instant
    const int *__restrict__ offset,                     // (moments + 1) first gesture of each moment in which
    const int *__restrict__ which,                      // gestures that may be under way
    const int holders,
    const int moments,
    unsigned int *__restrict__ out)
{
    const int holder = blockIdx.x * blockDim.x + threadIdx.x;
    if (holder >= holders) {
        return;
    }
    for (int moment = blockIdx.y; moment < moments; moment += gridDim.y) {
        const long long begin_of_exposure = at[moment], open = exposure[moment];
        const int samples = open ? SAMPLES : 1;
        int lift = samples / 2, tilt = samples / 2, roll = samples / 2;
        for (int sample = 0; sample < samples; ++sample) {
            const long long now = begin_of_exposure + (2 * sample + 1) * open / (2 * SAMPLES);
            int raised = 0, lowered = 0, tilted = 0, shaken = 0, rocked = 128;
            for (int index = offset[moment]; index < offset[moment + 1]; ++index) {
                const int gesture = which[index];
                const long long begin = begins[(long long)gesture * holders + holder];
                if (begin > now) {
                    continue;
                }
                const long long *number = numbers + 5 * (long long)gesture;
                const int kind = (int)number[0];
                const long long move = number[1], hold = number[2], amount = number[3], period = number[4];
                const long long elapsed = now - begin, left = 2 * move + hold - elapsed;
                if (left <= 0 || (kind == SHAKE && 2 * open > SAMPLES * period)) {
                    continue;
                }
                const long long way = elapsed < left ? elapsed : left;
                const long long part
                    = way < move ? divided(way << 16, move, reciprocals[2 * (long long)gesture]) : ONE;
                const int reached = (int)((eased(part) * amount + ONE / 2) >> 16);
                int &level = kind == RAISE ? raised
                    : kind == LOWER ? lowered
                    : kind == TILT ? tilted
                                   : shaken;
                if (reached <= level) {
                    continue;
                }
                level = reached;
                if (kind == SHAKE) {
                    const unsigned long long reciprocal = reciprocals[2 * (long long)gesture + 1];
                    const long long into = elapsed - divided(elapsed, period, reciprocal) * period;
                    const int phase = (int)divided(into << 16, period, reciprocal);
                    const int half = phase & (ONE / 2 - 1);
                    const int arc = half * (ONE / 2 - half) >> 13;
                    const int size
                        = (int)(((long long)reached * arc * 127 + 255 * (ONE / 4)) / (255 * (ONE / 2)));
                    rocked = phase < ONE / 2 ? 128 + size : 128 - size;
                }
            }
            lift += 128 + (raised * 127 + 127) / 255 - (lowered * 128 + 127) / 255;
            tilt += tilted;
            roll += rocked;
        }
        unsigned int pose = 0;
        if (shown[holder]) { // an empty cell shows nothing from the beginning
            pose = lift / samples | tilt / samples << 8 | roll / samples << 16;
            const long long length = open ? open : 1;
            pose |= held(dropped[holder], dropped[holders + holder], begin_of_exposure, length) << 24;
        }
        out[((long long)slot[moment] * 3 + 2) * holders + holder] = pose;
    }
}
