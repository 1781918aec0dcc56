// What every seat's screen shows: the twin of _fill_numpy in kernels/tablets.py, equal to the bit.
//
// One thread a pixel of the section, for one frame after another. Arrays are (turns, seats), the seat fastest; a
// frame is the mean light of `instants` moments. Pictures lie one after another; `slot` says which of them each
// showing has at each instant.

extern "C" __global__ void tablet_states(
    const long long *__restrict__ start,        // (turns, seats) ticks
    const long long *__restrict__ turn,         // (turns) ticks
    const bool *__restrict__ turning,           // (turns, seats) whether the turn switches this seat
    const short *__restrict__ showing,          // (turns, seats) after the turn
    const bool *__restrict__ working,           // (seats)
    const long long *__restrict__ at,           // (frames, instants) ticks
    const int *__restrict__ settled,            // (frames, instants) newest turn that all seats have ended
    const int *__restrict__ newest,             // (frames, instants) newest turn that any seat may have begun
    const int *__restrict__ slot,               // (frames, instants, showings)
    const unsigned char *__restrict__ pictures, // (slots, height, width, 3) sRGB
    const int *__restrict__ decode,             // (256) linear light, 0 to 65,535
    const unsigned char *__restrict__ encode,   // (65536) sRGB
    const int rows,
    const int columns,
    const int pixels,
    const int showings,
    const int instants,
    const int frames,
    unsigned char *__restrict__ out)            // (frames, height, width, 4)
{
    const int width = columns * pixels;
    const int count = rows * pixels * width;
    const int pixel = blockIdx.x * blockDim.x + threadIdx.x;
    if (pixel >= count) {
        return;
    }
    const int seats = rows * columns;
    const int seat = pixel / width / pixels * columns + pixel % width / pixels;
    for (int frame = blockIdx.y; frame < frames; frame += gridDim.y) {
        unsigned char *to = out + ((long long)frame * count + pixel) * 4;
        if (!working[seat]) {
            to[0] = to[1] = to[2] = to[3] = 0;
            continue;
        }
        long long total[3] = {0, 0, 0};
        for (int instant = 0; instant < instants; ++instant) {
            const long long moment = (long long)frame * instants + instant;
            const long long now = at[moment];
            const int done = settled[moment];
            int newer = newest[moment];
            while (newer > done
                   && !(turning[(long long)newer * seats + seat] && start[(long long)newer * seats + seat] <= now)) {
                --newer;
            }
            const long long here = (long long)newer * seats + seat;
            const int *slots = slot + moment * showings;
            const unsigned char *shown = pictures + ((long long)slots[showing[here]] * count + pixel) * 3;
            const long long elapsed = now - start[here];
            if (newer > done && elapsed < turn[newer]) {
                const long long part = (elapsed << 16) / turn[newer];
                const long long share = (part * part * (3 * 65536 - 2 * part)) >> 32;
                const unsigned char *before = pictures + ((long long)slots[showing[here - seats]] * count + pixel) * 3;
                for (int colour = 0; colour < 3; ++colour) {
                    const long long old = decode[before[colour]], young = decode[shown[colour]];
                    total[colour] += (old * (65536 - share) + young * share + 32768) >> 16;
                }
            } else {
                for (int colour = 0; colour < 3; ++colour) {
                    total[colour] += decode[shown[colour]];
                }
            }
        }
        for (int colour = 0; colour < 3; ++colour) {
            to[colour] = encode[(total[colour] + instants / 2) / instants];
        }
        to[3] = 255;
    }
}
