#include "frame.h"

uint16_t frame_crc(const uint8_t *bytes, uint8_t size)
{
    uint16_t crc = 0xFFFF;
    while (size--) {
        crc ^= (uint16_t)*bytes++ << 8;
        for (uint8_t bit = 0; bit < 8; bit++)
            crc = crc & 0x8000 ? (uint16_t)(crc << 1) ^ 0x1021 : (uint16_t)(crc << 1);
    }
    return crc;
}

uint8_t frame_encode(uint8_t kind, const uint8_t *payload, uint8_t size, uint8_t out[MAX_FRAME])
{
    uint8_t body[MAX_BODY];
    uint8_t length = 0;
    body[length++] = kind;
    while (size--)
        body[length++] = *payload++;
    uint16_t crc = frame_crc(body, length);
    body[length++] = (uint8_t)crc;
    body[length++] = (uint8_t)(crc >> 8);

    uint8_t code_at = 1, end = 2;
    out[0] = 0;
    for (uint8_t i = 0; i < length; i++) {
        if (body[i] == 0) {
            out[code_at] = end - code_at;
            code_at = end++;
        } else {
            out[end++] = body[i];
        }
    }
    out[code_at] = end - code_at;
    out[end++] = 0;
    return end;
}

static bool finish(struct frame_decoder *d)
{
    bool whole = !d->bad && d->left == 0 && d->size >= 3;
    if (whole) {
        d->size -= 2;
        uint16_t crc = d->body[d->size] | (uint16_t)d->body[d->size + 1] << 8;
        whole = crc == frame_crc(d->body, d->size);
    }
    if (d->started && !whole)
        d->damaged++;
    d->started = d->bad = d->zero_due = false;
    d->left = 0;
    return whole;
}

static void keep(struct frame_decoder *d, uint8_t byte)
{
    if (d->size == MAX_BODY)
        d->bad = true;
    else
        d->body[d->size++] = byte;
}

bool frame_decode(struct frame_decoder *d, uint8_t byte)
{
    if (byte == 0)
        return finish(d);
    if (!d->started) {
        d->started = true;
        d->size = 0;
    }
    if (d->left == 0) {
        if (d->zero_due)
            keep(d, 0);
        d->left = byte - 1;
        d->zero_due = byte != 0xFF;
    } else {
        d->left--;
        keep(d, byte);
    }
    return false;
}
