/* Frames: 00 COBS(kind, payload, CRC) 00. Pure: it also compiles for the PC, where the tests hold it against
 * the host's own decoder. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "protocol.h"

/* Two delimiters and COBS's one byte. */
#define MAX_FRAME (MAX_BODY + 3)

struct frame_decoder {
    uint8_t body[MAX_BODY];
    uint8_t size;      /* decoded bytes so far */
    uint8_t left;      /* bytes until the next COBS code byte */
    bool zero_due;     /* the block ended by a zero, if more follows */
    bool started, bad; /* something came since the delimiter; it cannot be a frame */
    uint16_t damaged;  /* frames thrown away */
};

uint16_t frame_crc(const uint8_t *bytes, uint8_t size);

/* Writes the frame of kind and payload (at most MAX_BODY - 3 bytes) to `out` and returns its size. */
uint8_t frame_encode(uint8_t kind, const uint8_t *payload, uint8_t size, uint8_t out[MAX_FRAME]);

/* Takes one byte; true when it completed a frame: then body[0] is its kind and the result's
 * payload is body[1 .. size-1], until the next call. */
bool frame_decode(struct frame_decoder *decoder, uint8_t byte);
