// What each card-holder shows: the twin of _card_states_numpy in kernels/books.py, equal to the bit.
//
// One thread a frame and holder. Arrays are (cues, holders) or (frames, holders), the holder fastest, so
// that neighbouring threads read neighbouring words. Colours are bytes R, G, B, A in memory order.

extern "C" __global__ void card_states(
    const long long *__restrict__ start,      // (cues, holders) ticks
    const long long *__restrict__ turn,       // (cues) ticks
    const bool *__restrict__ turning,         // (cues, holders) whether the cue turns this holder's page
    const uchar4 *__restrict__ shown,         // (cues, holders) what the holder shows after the cue
    const long long *__restrict__ at,         // (frames) ticks
    const int *__restrict__ settled,          // (frames) newest cue that all holders have done
    const int *__restrict__ newest,           // (frames) newest cue that any holder may have begun
    const int holders,
    const int frames,
    uchar4 *__restrict__ out)                 // (frames, 2, holders): page turned away, page turned to
{
    const int holder = blockIdx.y * blockDim.x + threadIdx.x;
    const int frame = blockIdx.x; // x, because there may be more than 65,535 frames
    if (holder >= holders || frame >= frames) {
        return;
    }
    const long long now = at[frame];
    const int done = settled[frame];
    int cue = newest[frame];
    while (cue > done) {
        const long long here = (long long)cue * holders + holder;
        if (turning[here] && start[here] <= now) {
            break;
        }
        --cue;
    }
    const uchar4 below = shown[(long long)cue * holders + holder];
    uchar4 above = below;
    above.w = 0;
    const long long elapsed = now - start[(long long)cue * holders + holder];
    if (cue > done && elapsed < turn[cue] && below.w != 0) {
        const long long part = (elapsed << 16) / turn[cue];
        const long long eased = (part * part * (3 * 65536 - 2 * part)) >> 32;
        const long long progress = (eased * 255 + 32768) >> 16;
        above = shown[(long long)(cue - 1) * holders + holder];
        above.w = (unsigned char)(progress < 1 ? 1 : progress);
    }
    uchar4 *picture = out + (long long)frame * 2 * holders;
    picture[holder] = above;
    picture[holders + holder] = below;
}
