/* Puts one message on the line. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* False when the line has no room: everything that matters is said again. */
bool report(uint8_t kind, const void *payload, uint8_t size);
