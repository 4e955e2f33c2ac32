/* What the lamp's patterns look like. */
#pragma once

#include <stdint.h>

#include "protocol.h"

/* The board's own pattern, beside those of the host: nobody answers. */
#define LAMP_ALARM LAMP_COUNT

/* The brightness of a pattern at a moment, 0 to 255. */
uint8_t lamp_level(uint8_t pattern, uint32_t now);
