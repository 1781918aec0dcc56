// What each card-holder shows: the twin of _card_states_numpy in kernels/books.py, equal to the bit.
//
// What it should cost is writing: 12 bytes a holder and moment, whatever happens. So a thread of card_states
// takes EACH holders through a run of moments in order of time, and keeps in registers what they show. All
// that changes only when a turn begins or ends is worked out then, and the turn after it is fetched at once,
// a whole turn before it is wanted: nobody waits for memory. Between, a moment costs a holder one comparison
// of times and three stores, and while a page turns twenty instructions more, none of them a division.
// Holders of a warp are neighbours, who turn at much the same time, so that it seldom goes both ways of a
// branch.
//
// Counted for sm_90 and the show of benchmarks/bake_gpu.py, where at any time more than a quarter of the
// pages are turning, a warp issues about 210 instructions for the 1.5 KB of a moment. An H200 could issue
// 1.6 times as many in the time that its memory takes to store them.
//
// Arrays are (turns, holders) or (gestures, holders), the holder fastest, with fewer than 2^32 numbers.
// Words hold the bytes R, G, B, A in memory order. Moments are sorted; slot says where in the output each
// belongs.

namespace {

const unsigned int RGB = 0x00ffffffu;
const unsigned int AT_REST = 0xff800080u;
const long long NEVER = 0x7fffffffffffffffLL;
const int ONE = 1 << 16;
const int SAMPLES = 32;
const int WARP = 32;
const int EACH = 4; // as in kernels/books_cuda.py
enum { RAISE, LOWER, TILT, SHAKE };

struct alignas(16) Duration {
    long long ticks;
    unsigned long long quick;      // 2^80 / ticks, rounded up; 0 unless that lies between 2^48 and 2^64
    unsigned long long reciprocal; // (2^64 - 1) / ticks
    unsigned long long unused;
};

struct alignas(16) Gesture {
    int kind, amount;
    long long hold;
    Duration move, period;
};

struct alignas(16) Moment {
    long long at;
    unsigned int slot;
    int gestures; // where the list of those begins that may be under way, and 1; 0 where none are
};

// All 16 bytes at once: who reads them one after another waits twice.
__device__ Moment read(const Moment *moment)
{
    const longlong2 words = __ldg((const longlong2 *)moment);
    return {words.x, (unsigned int)words.y, (int)(words.y >> 32)};
}

// What a run of moments has in common.
struct alignas(16) Run {
    int settled; // newest turn that all holders have ended at its first moment
    int newest;  // newest turn that any may have begun at its last
    int drops;   // whether anybody drops a book meanwhile
    int unused;
};

struct Section {
    const long long *__restrict__ start;
    const Duration *__restrict__ turn;
    const unsigned int *__restrict__ leaf;
    int holders;
};

// The smoothstep of a part of ONE, but not of ONE itself.
__device__ unsigned int eased(const unsigned int part) { return __umulhi(part * part, 3 * ONE - 2 * part); }

// Divides without a division, by the reciprocal (2^64 - 1) / divisor: for a dividend below 2^62 the upper
// half of their product falls short by one at most.
__device__ long long divided(
    const long long dividend, const long long divisor, const unsigned long long reciprocal)
{
    const long long quotient = __umul64hi(dividend, reciprocal);
    return quotient + (dividend - quotient * divisor >= divisor);
}

// The part of a duration that has passed, of ONE: 16 bits above the lower 64 of a product. They are right to
// the last, since what rounding adds to the product is less than the least step of a quotient.
__device__ unsigned int part_of(const unsigned int elapsed, const unsigned long long quick)
{
    return (elapsed * (quick >> 32) + __umulhi(elapsed, (unsigned int)quick)) >> 32;
}

__device__ unsigned int part_of(const long long elapsed, const Duration &duration)
{
    return duration.quick ? part_of((unsigned int)elapsed, duration.quick)
                          : (unsigned int)divided(elapsed << 16, duration.ticks, duration.reciprocal);
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

// The last byte of one word after the first three of another.
__device__ unsigned int joined(const unsigned int colour, const unsigned int last)
{
    return (colour & RGB) | (last & ~RGB);
}

// A holder on the way through a run of moments.
struct Holder {
    unsigned int above, below; // what is to be seen; above without how far its page is turned
    unsigned int step;         // what a 255th of the turn adds to it: 1 or -1 in the last byte; 0 at rest
    unsigned int begun;        // when the turn began: the lower half, enough to tell how long ago
    unsigned long long quick;  // of the turn
    long long change;          // when a turn begins or ends next
    long long coming_start;    // the turn after it
    unsigned int coming_leaf;
    int coming;

    __device__ void fetch_next(const Section &section, const int who, const int newest)
    {
        ++coming;
        coming_start = NEVER;
        if (coming <= newest) {
            const unsigned int here = (unsigned int)coming * section.holders + who;
            coming_start = section.start[here];
            coming_leaf = section.leaf[here];
        }
    }

    __device__ void arrive(const Section &section, const int who, const Run &run, const unsigned int rest)
    {
        const unsigned int page = section.leaf[(unsigned int)run.settled * section.holders + who];
        step = 0;
        above = page & RGB;
        below = joined(page, rest);
        coming = run.settled;
        fetch_next(section, who, run.newest);
        change = coming_start;
    }

    // The last byte of a leaf tells which way it is turned. A turn that is not for this holder was over
    // before all time, and to the same page: it passes here without a word.
    __device__ void begin_or_end(const Section &section, const int who, const int newest)
    {
        if (step) {
            const unsigned int page = (int)step > 0 ? below : above;
            above = page & RGB;
            below = page | ~RGB;
            step = 0;
            change = coming_start;
        } else {
            const bool forward = (int)coming_leaf > 0;
            const unsigned int page = below;
            above = (forward ? page : coming_leaf) & RGB;
            below = (forward ? coming_leaf : page) | ~RGB;
            step = coming_leaf & ~RGB;
            begun = (unsigned int)change;
            quick = section.turn[coming].quick;
            change += section.turn[coming].ticks;
            fetch_next(section, who, newest);
        }
    }

    // The word above, with how far its page is turned.
    __device__ unsigned int turned(const Section &section, const long long now) const
    {
        unsigned int part;
        if (quick) {
            part = part_of((unsigned int)now - begun, quick);
        } else {
            const Duration turn = section.turn[coming - 1];
            const long long elapsed = now - (change - turn.ticks);
            part = (unsigned int)divided(elapsed << 16, turn.ticks, turn.reciprocal);
        }
        const int progress = (int)(eased(part) * 255 + ONE / 2) >> 16;
        return above + step * (progress < 1 ? 1 : progress);
    }
};

struct Gestures {
    const Gesture *__restrict__ gesture;
    const long long *__restrict__ begin;
    const int *__restrict__ lists; // of gestures, each with -1 at its end
};

struct Pose {
    int lift, tilt, roll;
};

// What a holder makes of a list of gestures at an instant; `open` is the exposure that this is part of, or 0.
__device__ Pose pose_at(
    const long long now,
    const long long open,
    const Gestures &gestures,
    const int list,
    const int who,
    const int holders)
{
    int raised = 0, lowered = 0, tilted = 0, shaken = 0, roll = 128;
    for (const int *which = gestures.lists + list; *which >= 0; ++which) {
        const Gesture &gesture = gestures.gesture[*which];
        const long long begin = gestures.begin[(long long)*which * holders + who];
        if (begin > now) {
            continue;
        }
        const long long elapsed = now - begin, left = 2 * gesture.move.ticks + gesture.hold - elapsed;
        if (left <= 0) {
            continue;
        }
        const long long way = elapsed < left ? elapsed : left;
        int reached = gesture.amount;
        if (way < gesture.move.ticks) {
            reached = (int)(eased(part_of(way, gesture.move)) * reached + ONE / 2) >> 16;
        }
        if (gesture.kind == RAISE) {
            raised = raised > reached ? raised : reached;
        } else if (gesture.kind == LOWER) {
            lowered = lowered > reached ? lowered : reached;
        } else if (gesture.kind == TILT) {
            tilted = tilted > reached ? tilted : reached;
        } else if (reached > shaken && 2 * open <= SAMPLES * gesture.period.ticks) {
            shaken = reached;
            const long long times = divided(elapsed, gesture.period.ticks, gesture.period.reciprocal);
            const int phase = part_of(elapsed - times * gesture.period.ticks, gesture.period);
            const int half = phase & (ONE / 2 - 1);
            const int arc = half * (ONE / 2 - half) >> 13;
            const int size = (reached * arc * 127 + 255 * (ONE / 4)) / (255 * (ONE / 2));
            roll = phase < ONE / 2 ? 128 + size : 128 - size;
        }
    }
    return {128 + (raised * 127 + 127) / 255 - (lowered * 128 + 127) / 255, tilted, roll};
}

// Words of a thread's holders. The stores pass the caches by: nobody here reads them again.
__device__ void store(unsigned int *to, const unsigned int (&words)[EACH], const int left)
{
#pragma unroll
    for (int k = 0; k < EACH; ++k) {
        if (k * WARP < left) {
            __stcs(to + k * WARP, words[k]);
        }
    }
}

} // namespace

// At most five blocks a multiprocessor: then registers suffice for EACH holders.
extern "C" __global__ void __launch_bounds__(128, 5) card_states(
    const long long *__restrict__ start,                // (turns, holders) ticks
    const Duration *__restrict__ turn,                  // (turns)
    const unsigned int *__restrict__ leaf,              // (turns, holders) R, G, B after the turn; 1 or -1
    const unsigned int *__restrict__ rest,              // (holders) pose at rest; 0 where nobody is
    const long long *__restrict__ dropped,              // (2, holders) ticks from and until
    const Gesture *__restrict__ gesture,                // (gestures)
    const long long *__restrict__ gesture_begin,        // (gestures, holders) ticks; NEVER for others
    const int *__restrict__ lists,                      // of gestures, each with -1 at its end
    const Moment *__restrict__ moments,                 // rising
    const Run *__restrict__ runs,                       // each of `length` moments, the last of what is left
    const int holders,
    const int count,
    const int length,
    unsigned int *__restrict__ out)                     // (frames, 3, holders): above, below, pose
{
    const int thread = blockIdx.x * blockDim.x + threadIdx.x;
    const int holder = thread / WARP * (WARP * EACH) + thread % WARP; // and EACH - 1 more, WARP apart
    const int left = holders - holder;
    if (left <= 0) {
        return;
    }
    const Section section = {start, turn, leaf, holders};
    const int first = blockIdx.y * length;
    int to_do = count - first < length ? count - first : length;
    const Run run = runs[blockIdx.y];
    Holder people[EACH];
#pragma unroll
    for (int k = 0; k < EACH; ++k) {
        const bool anybody = k * WARP < left;
        const int who = anybody ? holder + k * WARP : holders - 1;
        people[k].arrive(section, who, run, rest[who]);
        if (!anybody) { // beyond the last holder there are neither turns nor words to be written
            people[k].change = NEVER;
        }
    }
    bool drops = false;
    if (run.drops) {
        const long long begin = moments[first].at, end = moments[first + to_do - 1].at;
#pragma unroll
        for (int k = 0; k < EACH; ++k) {
            const int who = k * WARP < left ? holder + k * WARP : holder;
            const long long from = dropped[who], until = dropped[holders + who];
            drops |= from < until && from <= end && until > begin;
        }
    }

    for (const Moment *moment = moments + first; to_do > 0; --to_do, ++moment) {
        const Moment when = read(moment);
        unsigned int above[EACH], below[EACH], pose[EACH];
#pragma unroll
        for (int k = 0; k < EACH; ++k) {
            Holder &person = people[k];
            while (person.change <= when.at) {
                person.begin_or_end(section, holder + k * WARP, run.newest);
            }
            above[k] = person.above;
            if (person.step) {
                above[k] = person.turned(section, when.at);
            }
            below[k] = person.below;
            pose[k] = person.below ? AT_REST : 0;
        }
        if (drops) {
#pragma unroll
            for (int k = 0; k < EACH; ++k) {
                const int who = k * WARP < left ? holder + k * WARP : holder;
                pose[k] &= when.at >= dropped[who] && when.at < dropped[holders + who] ? RGB : ~0u;
            }
        }
        unsigned int *picture = out + (unsigned long long)when.slot * (3u * holders) + holder;
        store(picture, above, left);
        store(picture + holders, below, left);
        picture += 2 * (long long)holders;
        if (when.gestures == 0) {
            store(picture, pose, left);
            continue;
        }
        // seldom, and one holder after another, so that it takes no registers from the rest
        const Gestures gestures = {gesture, gesture_begin, lists};
#pragma unroll 1
        for (int who = holder; who < holders && who < holder + EACH * WARP; who += WARP, picture += WARP) {
            unsigned int word = rest[who];
            if (word) {
                const Pose now = pose_at(when.at, 0, gestures, when.gestures - 1, who, holders);
                const bool down = drops && when.at >= dropped[who] && when.at < dropped[holders + who];
                word = now.lift | now.tilt << 8 | now.roll << 16 | (down ? 0 : ~RGB);
            }
            __stcs(picture, word);
        }
    }
}

// Simpson's rule for a turn's mean progress over an exposure, 0 to ONE: exact for a cubic.
static __device__ long long share(
    const long long start,
    const Duration &turn,
    const long long at,
    const long long exposure,
    const unsigned long long reciprocal)
{
    const auto progress = [&](const long long elapsed) -> long long {
        return elapsed < turn.ticks ? eased(part_of(elapsed, turn)) : ONE;
    };
    const long long stop = at + exposure, end_of_turn = start + turn.ticks;
    const long long begin = at < start ? 0 : at - start;
    const long long end = stop > end_of_turn ? turn.ticks : stop - start;
    const long long full_from = at > end_of_turn ? at : end_of_turn;
    long long sum = stop > full_from ? (stop - full_from) << 16 : 0;
    if (turn.ticks) {
        sum += (end - begin) * ((progress(begin) + 4 * progress((begin + end) >> 1) + progress(end)) / 6);
    }
    return divided(sum + (exposure >> 1), exposure, reciprocal);
}

// A thread takes a holder through a run of moments.
extern "C" __global__ void card_states_exposed(
    const long long *__restrict__ start,
    const Duration *__restrict__ turn,
    const unsigned int *__restrict__ leaf,
    const unsigned int *__restrict__ rest,
    const long long *__restrict__ dropped,
    const int *__restrict__ decode,                     // (256) linear light of each sRGB byte, 0 to 65,535
    const unsigned char *__restrict__ encode,           // (65536) and back
    const int *__restrict__ slot,
    const long long *__restrict__ at,
    const long long *__restrict__ exposure,             // (moments) ticks, more than 0
    const unsigned long long *__restrict__ reciprocal,  // (moments) (2^64 - 1) / exposure
    const int *__restrict__ settled,
    const int *__restrict__ newest,  // (moments) newest turn that anyone begins before the exposure is over
    const bool *__restrict__ gestures,                  // (moments) whether any are under way
    const int holders,
    const int moments,
    const int length,
    unsigned int *__restrict__ out)
{
    const int holder = blockIdx.x * blockDim.x + threadIdx.x;
    if (holder >= holders) {
        return;
    }
    const unsigned int at_rest = rest[holder];
    const long long from = dropped[holder], until = dropped[holders + holder];
    const int first = blockIdx.y * length;
    for (int moment = first; moment < moments && moment < first + length; ++moment) {
        const long long now = at[moment], open = exposure[moment];
        unsigned int pose = 0, seen = 0;
        if (at_rest) {
            unsigned int page = leaf[(unsigned int)settled[moment] * holders + holder];
            long long light[3] = {0, 0, 0};
            bool mixed = false;
            for (int number = settled[moment] + 1; number <= newest[moment]; ++number) {
                const unsigned int here = (unsigned int)number * holders + holder;
                const long long begin = start[here];
                if (begin >= now + open) {
                    break;
                }
                const unsigned int former = page;
                page = leaf[here];
                if (begin + turn[number].ticks <= now) {
                    continue;
                }
                const long long part = share(begin, turn[number], now, open, reciprocal[moment]);
                for (int channel = 0; channel < 3; ++channel) {
                    const long long old = decode[former >> 8 * channel & 255];
                    if (!mixed) {
                        light[channel] = old << 16;
                    }
                    light[channel] += part * (decode[page >> 8 * channel & 255] - old);
                }
                mixed = true;
            }
            seen = page & RGB;
            if (mixed) {
                seen = 0;
                for (int channel = 0; channel < 3; ++channel) {
                    seen |= (unsigned int)encode[(light[channel] + 32768) >> 16] << 8 * channel;
                }
            }
            pose = joined(at_rest, held(from, until, now, open) << 24);
        }
        unsigned int *picture = out + (long long)slot[moment] * 3 * holders + holder;
        picture[0] = seen;
        picture[holders] = joined(seen, at_rest);
        if (!gestures[moment]) { // else card_poses_exposed writes it
            picture[2 * (long long)holders] = pose;
        }
    }
}

struct alignas(16) PoseMoment {
    long long at, exposure;
    unsigned int slot;
    int list;
    long long unused;
};

// Poses over exposures in which gestures are under way: the means of samples.
extern "C" __global__ void card_poses_exposed(
    const Gesture *__restrict__ gesture,
    const long long *__restrict__ gesture_begin,
    const int *__restrict__ lists,
    const unsigned int *__restrict__ rest,
    const long long *__restrict__ dropped,
    const PoseMoment *__restrict__ moments,
    const int holders,
    const int count,
    const int length,
    unsigned int *__restrict__ out)
{
    const int who = blockIdx.x * blockDim.x + threadIdx.x;
    if (who >= holders) {
        return;
    }
    const Gestures gestures = {gesture, gesture_begin, lists};
    const unsigned int at_rest = rest[who];
    const long long from = dropped[who], until = dropped[holders + who];
    const int first = blockIdx.y * length;
    for (int number = first; number < count && number < first + length; ++number) {
        const PoseMoment moment = moments[number];
        const long long at = moment.at, open = moment.exposure;
        bool moves = false;
        for (const int *which = lists + moment.list; at_rest && !moves && *which >= 0; ++which) {
            const long long begin = gesture_begin[(long long)*which * holders + who];
            moves = begin < at + open && begin > at - 2 * gesture[*which].move.ticks - gesture[*which].hold;
        }
        unsigned int pose = at_rest;
        if (moves) {
            Pose sum = {SAMPLES / 2, SAMPLES / 2, SAMPLES / 2};
            for (int sample = 0; sample < SAMPLES; ++sample) {
                const long long now = at + (2 * sample + 1) * open / (2 * SAMPLES);
                const Pose part = pose_at(now, open, gestures, moment.list, who, holders);
                sum = {sum.lift + part.lift, sum.tilt + part.tilt, sum.roll + part.roll};
            }
            pose = sum.lift / SAMPLES | sum.tilt / SAMPLES << 8 | sum.roll / SAMPLES << 16;
        }
        if (at_rest) {
            pose = joined(pose, held(from, until, at, open) << 24);
        }
        out[moment.slot * (3ull * holders) + 2u * holders + who] = pose;
    }
}
