#include "host.h"

#include <string.h>

#include "frame.h"
#include "inputs.h"
#include "lamp.h"
#include "latch.h"
#include "protocol.h"
#include "report.h"
#include "uart.h"

static struct frame_decoder decoder;

static struct {
    uint8_t protocol, major, minor, patch;
    uint32_t serial;
    uint8_t reset_cause;
    uint32_t boot;
} hello = {.protocol = PROTOCOL, .major = FIRMWARE_MAJOR, .minor = FIRMWARE_MINOR, .patch = FIRMWARE_PATCH};

static bool heard, hello_due = true;
static uint32_t heard_ms, beat_ms;
static uint8_t pattern = LAMP_FAULT;
static uint32_t siren_from_ms;
static uint16_t siren_ms;

void host_init(uint32_t serial, uint32_t boot, uint8_t reset_cause)
{
    hello.serial = serial;
    hello.boot = boot;
    hello.reset_cause = reset_cause;
}

static void acknowledge(uint8_t number, bool done)
{
    uint8_t payload[] = {number, done};
    report(REPORT_COMMAND_ACK, payload, sizeof payload);
}

static void order_event_ack(const uint8_t *payload)
{
    uint32_t id[3];
    memcpy(id, payload, sizeof id);
    if (id[0] == hello.serial)
        latch_ack(id[1], id[2]);
}

static void order_lamp(const uint8_t *payload)
{
    bool known = payload[1] < LAMP_COUNT;
    if (known)
        pattern = payload[1];
    acknowledge(payload[0], known);
}

static void order_siren(const uint8_t *payload, uint32_t now)
{
    uint32_t wanted_ms = payload[1] * 1000UL;
    siren_ms = wanted_ms < SIREN_CAP_MS ? wanted_ms : SIREN_CAP_MS;
    siren_from_ms = now;
    acknowledge(payload[0], true);
}

/* False: no order that we know. */
static bool obey(uint8_t kind, const uint8_t *payload, uint8_t size, uint32_t now)
{
    if (kind == ORDER_ASK_HELLO && size == 0)
        hello_due = true;
    else if (kind == ORDER_EVENT_ACK && size == 12)
        order_event_ack(payload);
    else if (kind == ORDER_LAMP && size == 2)
        order_lamp(payload);
    else if (kind == ORDER_SIREN && size == 2)
        order_siren(payload, now);
    else
        return false;
    return true;
}

static void listen(uint32_t now)
{
    uint8_t byte;
    while (uart_get(&byte)) {
        if (!frame_decode(&decoder, byte))
            continue;
        if (obey(decoder.body[0], decoder.body + 1, decoder.size - 1, now)) {
            heard = true;
            heard_ms = now;
        } else {
            decoder.damaged++;
        }
    }
    /* Forgotten, not only compared: or an old sign of life would come back when the clock wraps. */
    if (heard && now - heard_ms >= HOST_SILENT_MS)
        heard = false;
    if (now - siren_from_ms >= siren_ms)
        siren_ms = 0;
}

uint8_t host_lamp(uint32_t now)
{
    if (latch_alarms(now))
        return LAMP_ALARM;
    return heard ? pattern : LAMP_FAULT;
}

bool host_siren(uint32_t now)
{
    return siren_ms != 0 || latch_sounds(now);
}

static void beat(uint32_t now)
{
    struct {
        uint32_t boot, uptime_s;
        uint16_t line_mv[LINES];
        uint8_t lamp, state, pending;
        uint16_t dropped, rx_lost, rx_damaged;
    } payload = {
        .boot = hello.boot,
        .uptime_s = now / 1000,
        .line_mv = {inputs_line_mv(0), inputs_line_mv(1)},
        .lamp = heard ? pattern : LAMP_FAULT,
        .state = inputs_state() | (host_siren(now) ? STATE_SIREN_ON : 0)
            | (latch_alarms(now) ? STATE_OWN_ALARM : 0) | (heard ? STATE_HOST_HEARD : 0),
        .pending = latch_count(),
        .dropped = latch_dropped(),
        .rx_lost = uart_rx_lost(),
        .rx_damaged = decoder.damaged,
    };
    report(REPORT_BEAT, &payload, sizeof payload);
}

void host_step(uint32_t now)
{
    listen(now);
    if (hello_due && report(REPORT_HELLO, &hello, sizeof hello))
        hello_due = false;
    if (now - beat_ms >= BEAT_MS) {
        beat_ms += BEAT_MS;
        beat(now);
    }
}
