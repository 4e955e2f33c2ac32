#include "inputs.h"

#include <avr/io.h>

#include "board.h"
#include "latch.h"
#include "protocol.h"

/* A round of all inputs every 4 ms; eight equal rounds (32 ms) are believed. */
#define SAMPLE_MS 2
#define BELIEVED 8

/* At rest 10k against 10k: 2500 mV; pressed 10k against 3.2k: 1210 mV. The gaps between the bands belong to
 * no state: a voltage there changes nothing, which is the hysteresis. */
#define SHORT_BELOW_MV 400
#define PRESSED_FROM_MV 800
#define PRESSED_TO_MV 1700
#define IDLE_FROM_MV 2000
#define IDLE_TO_MV 3100
#define CUT_ABOVE_MV 4300

enum line_state { LINE_IDLE, LINE_PRESSED, LINE_CUT, LINE_SHORT, LINE_BETWEEN };

struct debounced {
    uint8_t state, seen, count;
};

static struct debounced lines[LINES];
static struct debounced lid; /* state 1: open */
static uint16_t line_mv[LINES];
static uint8_t channel;
static uint32_t sampled_ms;

static enum line_state classify(uint16_t mv)
{
    if (mv < SHORT_BELOW_MV)
        return LINE_SHORT;
    if (mv > CUT_ABOVE_MV)
        return LINE_CUT;
    if (mv >= PRESSED_FROM_MV && mv <= PRESSED_TO_MV)
        return LINE_PRESSED;
    if (mv >= IDLE_FROM_MV && mv <= IDLE_TO_MV)
        return LINE_IDLE;
    return LINE_BETWEEN;
}

/* True when `seen` was there long enough to become the new state. */
static bool debounce(struct debounced *input, uint8_t seen)
{
    if (seen != input->seen) {
        input->seen = seen;
        input->count = 0;
    }
    if (input->count < BELIEVED && ++input->count < BELIEVED)
        return false;
    return seen != input->state;
}

static bool is_fault(uint8_t state)
{
    return state == LINE_CUT || state == LINE_SHORT;
}

static void line_changed(uint8_t line, uint8_t before, uint8_t after, uint32_t now)
{
    if (is_fault(after)) {
        latch_add(after == LINE_CUT ? EVENT_WIRE_CUT : EVENT_WIRE_SHORT, line, now);
        return;
    }
    if (is_fault(before))
        latch_add(EVENT_WIRE_RESTORED, line, now);
    if (after == LINE_PRESSED)
        latch_add(EVENT_PRESS, line, now);
    else if (before == LINE_PRESSED)
        latch_add(EVENT_RELEASE, line, now);
}

static void sample_line(uint8_t line, uint16_t mv, uint32_t now)
{
    struct debounced *input = &lines[line];
    line_mv[line] = mv;
    uint8_t seen = classify(mv);
    if (!debounce(input, seen) || seen == LINE_BETWEEN)
        return;
    uint8_t before = input->state;
    input->state = seen;
    line_changed(line, before, seen, now);
}

static void sample_lid(uint32_t now)
{
    bool open = board_lid_open();
    if (!debounce(&lid, open))
        return;
    lid.state = open;
    latch_add(open ? EVENT_TAMPER : EVENT_TAMPER_CLEARED, 0, now);
}

static void convert(uint8_t next)
{
    channel = next;
    ADMUX = _BV(REFS0) | channel;
    ADCSRA |= _BV(ADSC);
}

void inputs_init(void)
{
    ADCSRA = _BV(ADEN) | _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0);
    convert(0);
}

bool inputs_step(uint32_t now)
{
    if (now - sampled_ms < SAMPLE_MS || ADCSRA & _BV(ADSC))
        return false;
    sampled_ms = now;
    sample_line(channel, (uint32_t)ADC * 5000 / 1024, now);
    convert((channel + 1) % LINES);
    if (channel != 0)
        return false;
    sample_lid(now);
    return true;
}

uint16_t inputs_line_mv(uint8_t line)
{
    return line_mv[line];
}

uint8_t inputs_state(void)
{
    uint8_t state = lid.state ? STATE_LID_OPEN : 0;
    for (uint8_t i = 0; i < LINES; i++)
        if (is_fault(lines[i].state))
            state |= STATE_LINE_0_FAULT << i;
    return state;
}
