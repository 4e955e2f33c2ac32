/* Events that no host has acknowledged. A press and an opened lid also go to the EEPROM, so that they keep
 * their first id over resets; the other events are states, told anew by the board that starts. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Takes back what the EEPROM kept. `boot` is the number of this boot. */
void latch_init(uint32_t serial, uint32_t boot, uint32_t now);

/* Keeps an event until latch_ack. When all places are taken a press drives out the oldest event that is no
 * press; else the new event is dropped. Both are counted. */
void latch_add(uint8_t kind, uint8_t button, uint32_t now);

/* The host has it on disk. */
void latch_ack(uint32_t boot, uint32_t seq);

/* Sends what is new, and what waited RESEND_MS. */
void latch_step(uint32_t now);

uint8_t latch_count(void);
uint16_t latch_dropped(void);

/* A press has waited OWN_ALARM_MS: nobody answers. */
bool latch_alarms(uint32_t now);

/* The same, for SIREN_CAP_MS. */
bool latch_sounds(uint32_t now);
