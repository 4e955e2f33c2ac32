/* Button lines and the tamper switch: sampled, debounced, turned into events for the latch.
 *
 * A line ends in a resistor, so a cut and a short differ from a button at rest (voltages: inputs.c). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

void inputs_init(void);

/* Takes a sample when one is due. True once a round of all inputs: the proof of life that feeds the watchdog. */
bool inputs_step(uint32_t now);

uint16_t inputs_line_mv(uint8_t line);

/* The part of the beat's state flags that tells of lines and lid. */
uint8_t inputs_state(void);
