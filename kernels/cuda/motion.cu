// Where each gymnast is and how far through which move: the twin of _gymnast_states_numpy in
// kernels/motion.py. The formulas and their order are the same, in double precision; what differs are the
// last bits of hypot and atan2.
//
// Arrays of people are (sets, people), the person fastest; tables of those who walk along curves, along rails
// or climb have a column each. A thread takes one person through moments.

namespace {

const int STAND = 0, CLIMB = 15; // indices into STRIPS of kernels/clips.py
const int KNOTS = 17;            // of kernels/curves.py
const double RAMP = 0.1, EDGE = 1e-4;
const double ABOUT = 0.25, OVER = 0.5;
const double PI = 3.141592653589793;

typedef long long ticks_t;

__device__ ticks_t clipped(const ticks_t value, const ticks_t most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

__device__ double smooth(const double t) { return t * t * t * (t * (t * 6.0 - 15.0) + 10.0); }

__device__ double eased(const int kind, const double progress)
{
    if (kind == 0) {
        return smooth(progress);
    }
    const double pace = 1.0 / (1.0 - RAMP);
    const double side = progress < 1.0 - progress ? progress : 1.0 - progress;
    const double near = side / RAMP < 1.0 ? side / RAMP : 1.0;
    if (near < 1.0) {
        const double ramp = (pace * RAMP) * (near * near * near) * (1.0 - 0.5 * near);
        return progress > 0.5 ? 1.0 - ramp : ramp;
    }
    return pace * (progress - 0.5 * RAMP);
}

// The same turn the short way round.
__device__ double shortest(const double turn)
{
    double rest = fmod(turn + PI, 2.0 * PI);
    if (rest < 0.0) {
        rest += 2.0 * PI;
    }
    return rest - PI;
}

// The last of `count` places along that is not beyond one; -1 before the first.
__device__ int piece_at(const double at, const double *__restrict__ along, const int count)
{
    int low = -1, high = count;
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        if (along[middle] <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

__device__ double interpolated(
    const double at, const int piece, const double *__restrict__ along, const double *__restrict__ values,
    const int count)
{
    if (piece < 0 || piece >= count - 1) {
        return values[piece < 0 ? 0 : count - 1];
    }
    const double slope = (values[piece + 1] - values[piece]) / (along[piece + 1] - along[piece]);
    return slope * (at - along[piece]) + values[piece];
}

struct Drill {
    const ticks_t *set_ticks;
    const int *set_kinds;
    const double *bends, *places;
    const ticks_t *ticks;
    const double *numbers;
    const short *strips;
    const double *ways;
    const int *which;
    const double *bent, *railed, *rails, *turns, *climbs;
    const ticks_t *climb_ticks;
    const int *climb_kinds;
    int sets, people, bends_count, railed_count, rails_count, turns_count, climbs_count;
};

enum { DEPART, DURATION, TURN, START, MOVES };
enum { BEFORE, FIRST, AFTER, STANDING, BASE, SUNK, PAIRS, RISEN };

struct State {
    double x, y, z, heading, cycle;
    int strip;
};

__device__ State in_place(const Drill &drill, const int set, const int person, const ticks_t now)
{
    const long long all = (long long)drill.sets * drill.people, here = (long long)set * drill.people + person;
    const double *numbers = drill.numbers + here;
    const ticks_t period = drill.set_ticks[4 * set], release = drill.set_ticks[4 * set + 1];
    const ticks_t since = now - drill.ticks[START * all + here], moves = drill.ticks[MOVES * all + here];
    double moved;
    if (!drill.set_kinds[3 * set + 1]) {
        moved = (double)clipped(since, moves * period) / (double)period;
    } else {
        const ticks_t half = period / 2 > 1 ? period / 2 : 1;
        const ticks_t until = now - (release - half);
        moved = (double)((clipped(since, half) + clipped(until, half)) * moves) / (2.0 * (double)half);
    }
    const double done = numbers[BASE * all] + numbers[SUNK * all] + numbers[PAIRS * all] + numbers[RISEN * all];
    return {drill.places[here], drill.places[all + here], drill.places[2 * all + here],
            numbers[STANDING * all], done + moved, drill.set_kinds[3 * set]};
}

// Places on a bent or bowed way, the share of its length behind and the direction.
__device__ void on_curve(
    const Drill &drill, const int set, const int column, const double ox, const double oy, const double gx,
    const double gy, const double way, double &x, double &y, double &behind, double &heading)
{
    const double *bent = drill.bent + column, *bend = drill.bends + 4 * set;
    const long long stride = drill.bends_count;
    const double bow = bent[0], back = 1.0 - way, dx = gx - ox, dy = gy - oy;
    const double length = hypot(dx, dy);
    const double share = bow / (length > 0.0 ? length : 1.0);
    const double aside = share * (16.0 * (way * way) * (back * back));
    const double first = 3.0 * way * (back * back), second = 3.0 * (way * way) * back;
    x = back * ox + way * gx - aside * dy + (first * bend[0] + second * bend[2]);
    y = back * oy + way * gy + aside * dx + (first * bend[1] + second * bend[3]);

    const double place = way * (KNOTS - 1);
    const int knot = (int)place < KNOTS - 2 ? (int)place : KNOTS - 2;
    const double part = place - knot, rest = 1.0 - part, step = 1.0 / (KNOTS - 1);
    const double *arc = bent + (1 + knot) * stride, *slope = bent + (1 + KNOTS + knot) * stride;
    behind = (1.0 + 2.0 * part) * (rest * rest) * arc[0] + part * part * (3.0 - 2.0 * part) * arc[stride] +
        part * rest * (rest * (slope[0] * step) - part * (slope[stride] * step));

    const double inner = way < EDGE ? EDGE : way > 1.0 - EDGE ? 1.0 - EDGE : way, outer = 1.0 - inner;
    const double across = share * (32.0 * inner * outer * (1.0 - 2.0 * inner));
    const double near = 3.0 * outer * (1.0 - 3.0 * inner), far = 3.0 * inner * (2.0 - 3.0 * inner);
    const double along_x = dx - across * dy + (near * bend[0] + far * bend[2]);
    const double along_y = dy + across * dx + (near * bend[1] + far * bend[3]);
    const double tangent = bent[(1 + 2 * KNOTS + knot + (part > 0.5)) * stride];
    heading = tangent + shortest(atan2(along_y, along_x) - tangent);
}

__device__ void on_rail(
    const Drill &drill, const int column, const double way, double &x, double &y, double &heading)
{
    const double *railed = drill.railed + column, *along = drill.rails;
    const long long stride = drill.railed_count;
    const int count = drill.rails_count;
    const double back = 1.0 - way, at = back * railed[0] + way * railed[stride];
    const int low = piece_at(at, along, count);
    const double *turns = drill.turns;
    const int turn = piece_at(at, turns, drill.turns_count);
    x = interpolated(at, low, along, along + count, count) +
        (back * railed[2 * stride] + way * railed[4 * stride]);
    y = interpolated(at, low, along, along + 2 * count, count) +
        (back * railed[3 * stride] + way * railed[5 * stride]);
    heading = interpolated(at, turn, turns, turns + drill.turns_count, drill.turns_count) + railed[6 * stride];
}

__device__ void climb(
    const Drill &drill, const int set, const int person, const int column, const ticks_t now, State &state)
{
    const long long all = (long long)drill.sets * drill.people, here = (long long)set * drill.people + person;
    const long long stride = drill.climbs_count;
    const double *climbs = drill.climbs + column, *numbers = drill.numbers + here;
    const int kinds = drill.climb_kinds[column];
    double share[2];
    for (int side = 0; side < 2; ++side) {
        const ticks_t slot = drill.set_ticks[4 * set + 2 + side];
        const ticks_t since = clipped(now - drill.climb_ticks[side * stride + column], slot);
        share[side] = kinds & 1 << side ? (double)since / (double)(slot > 1 ? slot : 1) : 1.0 - side;
    }
    const double down = share[0], up = share[1], sunk = smooth(down), risen = smooth(up);
    const double *top = climbs, *foot = climbs + 4 * stride, *height = climbs + 8 * stride;
    const double *cycles = climbs + 10 * stride;
    const bool done = now >= drill.ticks[DEPART * all + here] + drill.ticks[DURATION * all + here];
    const bool begun = now <= drill.ticks[DEPART * all + here] && kinds & 1;
    if (done && kinds & 2) {
        state.strip = STAND;
    }
    if (begun) {
        state.strip = down >= 1.0 ? STAND : down > 0.0 ? CLIMB : drill.set_kinds[3 * (set - 1)];
    }
    state.z = up > 0.0 ? risen * height[stride] : kinds & 1 ? (1.0 - sunk) * height[0] : height[0];
    if (up > 0.0) {
        state.strip = up >= 1.0 ? drill.set_kinds[3 * set] : CLIMB;
    }
    if (down < 1.0) {
        const double over = smooth(down / OVER < 1.0 ? down / OVER : 1.0);
        const double about = smooth(down / ABOUT < 1.0 ? down / ABOUT : 1.0);
        state.x = (1.0 - over) * top[0] + over * foot[0];
        state.y = (1.0 - over) * top[stride] + over * foot[stride];
        state.heading = (1.0 - about) * (numbers - drill.people)[STANDING * all] + about * numbers[BEFORE * all];
        state.cycle = numbers[BASE * all] + sunk * cycles[0];
    } else if (up > 0.0) {
        const double late = (up - OVER) / (1.0 - OVER), last = (up - (1.0 - ABOUT)) / ABOUT;
        const double over = smooth(late > 0.0 ? late : 0.0), away = smooth(last > 0.0 ? last : 0.0);
        state.x = (1.0 - over) * foot[2 * stride] + over * top[2 * stride];
        state.y = (1.0 - over) * foot[3 * stride] + over * top[3 * stride];
        state.heading = (1.0 - away) * numbers[AFTER * all] + away * numbers[STANDING * all];
        state.cycle = numbers[BASE * all] + cycles[0] + numbers[PAIRS * all] + risen * cycles[stride];
    }
}

__device__ State under_way(const Drill &drill, const int set, const int person, const ticks_t now)
{
    const long long all = (long long)drill.sets * drill.people, here = (long long)set * drill.people + person;
    const double *numbers = drill.numbers + here, *ways = drill.ways + here;
    const ticks_t duration = drill.ticks[DURATION * all + here], turn = drill.ticks[TURN * all + here];
    const ticks_t elapsed = now - drill.ticks[DEPART * all + here], span = duration - 2 * turn;
    const double progress = (double)clipped(elapsed - turn, span) / (double)span;
    const double way = eased(drill.set_kinds[3 * set + 2], progress), back = 1.0 - way;
    const double ox = ways[0], oy = ways[all], gx = ways[2 * all], gy = ways[3 * all];
    const double pairs = numbers[PAIRS * all];
    State state;
    state.x = back * ox + way * gx;
    state.y = back * oy + way * gy;
    state.z = 0.0;
    const ticks_t turning = turn > 1 ? turn : 1;
    double turned = smooth((double)clipped(elapsed, turning) / (double)turning);
    double heading = (1.0 - turned) * numbers[BEFORE * all] + turned * numbers[FIRST * all];
    double steps = way * pairs;
    const int curve = drill.which[here];
    if (curve != -1) {
        double looks, behind = way;
        if (curve >= 0) {
            on_curve(drill, set, curve, ox, oy, gx, gy, way, state.x, state.y, behind, looks);
        } else {
            on_rail(drill, -2 - curve, way, state.x, state.y, looks);
        }
        steps = behind * pairs;
        if (pairs > 0.0 && progress > 0.0) {
            heading = looks;
        }
    }
    turned = smooth((double)clipped(elapsed - (duration - turning), turning) / (double)turning);
    state.heading = (1.0 - turned) * heading + turned * numbers[AFTER * all];
    state.cycle = numbers[BASE * all] + numbers[SUNK * all] + steps;
    const bool middle = steps >= 0.5 && steps <= pairs - 0.5;
    state.strip = drill.strips[middle ? here : all + here];
    if (!(progress > 0.0 && progress < 1.0 && pairs > 0.0)) {
        state.strip = STAND;
    }
    if (elapsed <= 0) {
        state.strip = drill.set_kinds[3 * (set - 1)];
    }
    if (elapsed >= duration) {
        state.strip = drill.set_kinds[3 * set];
    }
    const int climber = drill.which[all + here];
    if (climber >= 0) {
        climb(drill, set, person, climber, now, state);
    }
    return state;
}

} // namespace

extern "C" __global__ void gymnast_states(
    const long long *at,        // (moments) ticks
    const int *set,             // (moments)
    const bool *walk,           // (moments) whether anybody may be under way to the set
    const long long *set_ticks, // the tables of kernels/motion_tables.py
    const int *set_kinds,
    const double *bends,
    const double *places,
    const long long *ticks,
    const double *numbers,
    const short *strips,
    const double *ways,
    const int *which,
    const double *bent,
    const double *railed,
    const double *rails,
    const double *turns,
    const double *climbs,
    const long long *climb_ticks,
    const int *climb_kinds,
    const float *scale,
    const float *variation,
    const int sets,
    const int people,
    const int bent_count,
    const int railed_count,
    const int rails_count,
    const int turns_count,
    const int climbs_count,
    const int moments,
    float *out)                 // (moments, 2, people, 4)
{
    const int person = blockIdx.x * blockDim.x + threadIdx.x;
    if (person >= people) {
        return;
    }
    const Drill drill = {
        set_ticks, set_kinds, bends, places, ticks, numbers, strips, ways, which, bent, railed, rails, turns,
        climbs, climb_ticks, climb_kinds, sets, people, bent_count, railed_count, rails_count, turns_count,
        climbs_count};
    for (int moment = blockIdx.y; moment < moments; moment += gridDim.y) {
        const State state = walk[moment] ? under_way(drill, set[moment], person, at[moment])
                                         : in_place(drill, set[moment], person, at[moment]);
        float *to = out + ((long long)moment * 2 * people + person) * 4;
        to[0] = (float)state.x, to[1] = (float)state.y, to[2] = (float)state.z, to[3] = (float)state.heading;
        to += (long long)people * 4;
        to[0] = (float)state.cycle, to[1] = (float)state.strip;
        to[2] = scale[person], to[3] = variation[person];
    }
}
