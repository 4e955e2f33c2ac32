#include "uart.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "protocol.h"

/* 128 bytes are 22 ms of line: the longest pass of the main loop takes 2 ms. */
#define RX_SIZE 128
/* A HELLO, a beat and a few events. */
#define TX_SIZE 256

static uint8_t rx[RX_SIZE];
static uint8_t tx[TX_SIZE];
static volatile uint8_t rx_head, rx_tail, tx_head, tx_tail;
static volatile uint16_t rx_lost;

ISR(USART_RX_vect)
{
    if (UCSR0A & _BV(DOR0))
        rx_lost++;
    uint8_t byte = UDR0;
    uint8_t next = (uint8_t)(rx_head + 1) % RX_SIZE;
    if (next == rx_tail) {
        rx_lost++;
        return;
    }
    rx[rx_head] = byte;
    rx_head = next;
}

ISR(USART_UDRE_vect)
{
    if (tx_tail == tx_head) {
        UCSR0B &= (uint8_t)~_BV(UDRIE0);
        return;
    }
    UDR0 = tx[tx_tail++];
}

void uart_init(void)
{
    UBRR0 = (F_CPU + BAUD * 4) / (BAUD * 8) - 1;
    UCSR0A = _BV(U2X0);
    UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
    UCSR0B = _BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0);
}

bool uart_get(uint8_t *byte)
{
    if (rx_tail == rx_head)
        return false;
    *byte = rx[rx_tail];
    rx_tail = (uint8_t)(rx_tail + 1) % RX_SIZE;
    return true;
}

bool uart_put(const uint8_t *bytes, uint8_t size)
{
    uint8_t used = tx_head - tx_tail;
    if (size > TX_SIZE - 1 - used)
        return false;
    while (size--)
        tx[tx_head++] = *bytes++;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { UCSR0B |= _BV(UDRIE0); }
    return true;
}

uint16_t uart_rx_lost(void)
{
    uint16_t lost;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { lost = rx_lost; }
    return lost;
}
