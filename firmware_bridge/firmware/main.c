/* The button board: one loop that never waits. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <avr/wdt.h>

#include "board.h"
#include "clock.h"
#include "host.h"
#include "inputs.h"
#include "lamp.h"
#include "latch.h"
#include "store.h"
#include "uart.h"

static uint8_t reset_cause __attribute__((section(".noinit")));

/* After a watchdog reset the watchdog stays on with its shortest time (datasheet 11.8.2): give it ours before
 * the C start-up code, and keep why we started. */
void note_reset(void) __attribute__((naked, used, section(".init3")));
void note_reset(void)
{
    reset_cause = MCUSR;
    MCUSR = 0;
    wdt_enable(WDTO_500MS);
}

int main(void)
{
    board_init();
    clock_init();
    uart_init();
    inputs_init();
    uint32_t serial = store_serial();
    uint32_t boot = store_count_boot();
    latch_init(serial, boot, clock_ms());
    host_init(serial, boot, reset_cause);
    set_sleep_mode(SLEEP_MODE_IDLE);
    sei();
    for (;;) {
        uint32_t now = clock_ms();
        host_step(now);
        bool sampled = inputs_step(now);
        latch_step(now);
        store_step();
        LAMP_LEVEL = lamp_level(host_lamp(now), now);
        board_siren(host_siren(now));
        /* Only here, and only when clock, ADC and this loop all moved on. */
        if (sampled)
            wdt_reset();
        sleep_mode();
    }
}
