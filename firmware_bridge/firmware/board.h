/* Where the wires go (ATmega328P, 16 MHz, 5 V). */
#pragma once

#include <avr/io.h>
#include <stdbool.h>

/* PC0/ADC0 and PC1/ADC1: button lines, each with 10k to 5 V on the board and 10k at the far end; pressing
 * puts 4.7k across the far end. A line that is not used gets its 10k at the terminals.
 * PD0, PD1: serial line. PD4: tamper switch, closed to ground while the lid is shut. */
#define TAMPER_BIT PD4
/* PD5: siren, on when high. */
#define SIREN_BIT PD5
/* PB1/OC1A: lamp, by PWM of timer 1. */
#define LAMP_BIT PB1
#define LAMP_LEVEL OCR1A

static inline void board_init(void)
{
    /* What is not used is pulled up: a floating input draws current and catches noise. */
    PORTB = (uint8_t)~_BV(LAMP_BIT);
    PORTC = (uint8_t)~(_BV(PC0) | _BV(PC1));
    PORTD = (uint8_t)~_BV(SIREN_BIT);
    DDRB = _BV(LAMP_BIT);
    DDRD = _BV(SIREN_BIT) | _BV(PD1);
    DIDR0 = _BV(ADC0D) | _BV(ADC1D);
    TCCR1A = _BV(COM1A1) | _BV(WGM10);
    TCCR1B = _BV(WGM12) | _BV(CS11) | _BV(CS10); /* 16 MHz / 64 / 256 = 977 Hz: no flicker */
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
