#include "lamp.h"

/* Sixteen steps of 128 ms, the first in the lowest bit. The further the help has come, the more light. */
static const uint16_t steps[] = {
    [LAMP_OFF] = 0x0000,      [LAMP_RECORDED] = 0x0003, [LAMP_RECEIVED] = 0x0033, [LAMP_POLICE] = 0x0333,
    [LAMP_ON_WAY] = 0xFFFF,   [LAMP_FAULT] = 0x0001,    [LAMP_ALARM] = 0x5555,
};

/* Up and down in 4.096 s, never quite dark. */
static uint8_t breathe(uint32_t now)
{
    uint16_t phase = (now >> 3) & 0x1FF;
    uint8_t level = phase < 256 ? phase : 511 - phase;
    return level < 8 ? 8 : level;
}

uint8_t lamp_level(uint8_t pattern, uint32_t now)
{
    if (pattern == LAMP_IDLE)
        return breathe(now);
    return steps[pattern] >> ((now >> 7) & 15) & 1 ? 255 : 0;
}
