/* The serial line, 8N1: interrupts on one side of two rings, the main loop on the other. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

void uart_init(void);

/* Takes the oldest byte received; false when there is none. */
bool uart_get(uint8_t *byte);

/* Queues all bytes or, when the ring lacks room, none: half a frame helps nobody, and all is said again. */
bool uart_put(const uint8_t *bytes, uint8_t size);

/* Bytes lost on receive (ring full, or the interrupt came too late) since the reset. */
uint16_t uart_rx_lost(void);
