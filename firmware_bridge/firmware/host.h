/* The talk with the host: its orders, our HELLO and beat, and what lamp and siren shall do. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

void host_init(uint32_t serial, uint32_t boot, uint8_t reset_cause);

/* Reads and obeys, sends the beat when it is due. */
void host_step(uint32_t now);

/* What the lamp shows now: the host's pattern, FAULT without a host, ALARM when nobody answers a press. */
uint8_t host_lamp(uint32_t now);

/* Whether the siren sounds now, by the host's order or by our own alarm. */
bool host_siren(uint32_t now);
