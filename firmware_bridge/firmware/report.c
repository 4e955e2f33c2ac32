#include "report.h"

#include "frame.h"
#include "uart.h"

bool report(uint8_t kind, const void *payload, uint8_t size)
{
    uint8_t frame[MAX_FRAME];
    return uart_put(frame, frame_encode(kind, payload, size, frame));
}
