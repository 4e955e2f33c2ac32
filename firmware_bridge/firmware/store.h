/* What must survive a power cut, in the EEPROM. A byte takes 3.4 ms to write, so writing goes on in the
 * background, one byte a pass; a record counts only when its CRC and its last byte are there. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct event {
    uint32_t boot;
    uint32_t seq;
    uint8_t kind; /* EVENT_NONE: no event */
    uint8_t button;
};

/* The number written at manufacture; 0xFFFFFFFF when it was forgotten. */
uint32_t store_serial(void);

/* Counts this boot and returns its number. Takes up to 30 ms: once, at the start. */
uint32_t store_count_boot(void);

/* Reads back the event of a slot (below PENDING_MAX); false when there is none. */
bool store_load(uint8_t slot, struct event *event);

/* Has a slot written, or forgotten; the newest wish counts. */
void store_keep(uint8_t slot, const struct event *event);
void store_forget(uint8_t slot);

/* Writes the next byte when the EEPROM is ready. */
void store_step(void);
