/* Where the wires go (ATmega328P, 16 MHz, 5 V). */
#pragma once

#include <avr/io.h>
#include <stdbool.h>

/* PC0/ADC0 and PC1/ADC1: button lines, each with 10k to 5 V on the board and 10k at the far end; pressing
 * puts 4.7k across the far end. A line that is not used gets its 10k at the terminals.
 * PD0, PD1: serial line. PD2: tamper switch, closed to ground while the lid is shut. */
#define TAMPER_BIT PD2
/* PD3/OC2B: lamp, by PWM of timer 2. */
#define LAMP_BIT PD3
#define LAMP_LEVEL OCR2B
/* PD5: siren, on when high. */
#define SIREN_BIT PD5

static inline void board_init(void)
{
    DDRD = _BV(LAMP_BIT) | _BV(SIREN_BIT) | _BV(PD1);
    PORTD = _BV(TAMPER_BIT) | _BV(PD0);
    DIDR0 = _BV(ADC0D) | _BV(ADC1D);
    TCCR2A = _BV(COM2B1) | _BV(WGM21) | _BV(WGM20);
    TCCR2B = _BV(CS22); /* 16 MHz / 64 / 256 = 977 Hz: no flicker */
}

static inline bool board_lid_open(void)
{
    return PIND & _BV(TAMPER_BIT);
}

static inline void board_siren(bool on)
{
    if (on)
        PORTD |= _BV(SIREN_BIT);
    else
        PORTD &= (uint8_t)~_BV(SIREN_BIT);
}
