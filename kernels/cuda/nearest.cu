// The places of least value for each of many people: the twin of the tree in kernels/nearest.py, equal to the
// bit, since a value, squared distance and price together, is a whole number.
//
// Places come in tiles of TILE neighbours, each with the box around them and the least of their prices. No place
// of a tile is of less value than the squared way to its box and that price together, so a person looks into few
// tiles: first into the one that may hold the least, then into all others that may hold anything better than the
// last place listed. A thread takes a person. Neighbours in a warp read the same tiles, through the read-only
// cache. The list is kept where it is wanted, by value and then by number; its last entry in registers.

struct alignas(8) Spot {
    int x, y;
};

struct alignas(16) Box {
    int left, low, right, high;
};

namespace {

const int TILE = 64;
const long long NO_VALUE = 0x7fffffffffffffffLL;

__device__ long long squared(const int x, const int y) { return (long long)x * x + (long long)y * y; }

__device__ int way(const int at, const int from, const int to)
{
    return at < from ? from - at : at > to ? at - to : 0;
}

__device__ long long bound(const Spot at, const Box box, const long long cheapest)
{
    return squared(way(at.x, box.left, box.right), way(at.y, box.low, box.high)) + cheapest;
}

} // namespace

extern "C" __global__ void first_places(
    const Spot *__restrict__ people,        // (count)
    const Spot *__restrict__ places,        // (tiles, TILE)
    const long long *__restrict__ price,    // (tiles, TILE); more than any value where a tile is not full
    const int *__restrict__ number,         // (tiles, TILE) of each place
    const Box *__restrict__ boxes,          // (tiles)
    const long long *__restrict__ cheapest, // (tiles) least price
    const int count,
    const int tiles,
    const int most,                         // at most as many as there are places
    int *found,                             // (count, most) numbers of places
    long long *values)                      // (count, most), rising; of equals the lower number is first
{
    const int person = blockIdx.x * blockDim.x + threadIdx.x;
    if (person >= count) {
        return;
    }
    const Spot at = people[person];
    int *const list = found + (long long)person * most;
    long long *const worth = values + (long long)person * most;
    int listed = 0, last_number = 0;
    long long last = NO_VALUE; // of a full list

    const auto look_into = [&](const int tile) {
        for (int place = tile * TILE; place < (tile + 1) * TILE; ++place) {
            const Spot spot = places[place];
            const long long value = squared(at.x - spot.x, at.y - spot.y) + price[place];
            if (value > last || (value == last && number[place] > last_number)) {
                continue;
            }
            const int which = number[place];
            int slot = listed < most ? listed++ : most - 1;
            while (slot > 0
                   && (worth[slot - 1] > value || (worth[slot - 1] == value && list[slot - 1] > which))) {
                worth[slot] = worth[slot - 1];
                list[slot] = list[slot - 1];
                --slot;
            }
            worth[slot] = value;
            list[slot] = which;
            if (listed == most) {
                last = worth[most - 1];
                last_number = list[most - 1];
            }
        }
    };

    int first = 0;
    long long least = NO_VALUE;
    for (int tile = 0; tile < tiles; ++tile) {
        const long long here = bound(at, boxes[tile], cheapest[tile]);
        if (here < least) {
            least = here;
            first = tile;
        }
    }
    look_into(first);
    for (int tile = 0; tile < tiles; ++tile) {
        // Equals are looked at, since a lower number comes first.
        if (tile != first && bound(at, boxes[tile], cheapest[tile]) <= last) {
            look_into(tile);
        }
    }
}
