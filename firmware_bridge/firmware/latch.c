#include "latch.h"

#include "protocol.h"
#include "report.h"
#include "store.h"

static struct pending {
    struct event event;
    uint32_t noticed_ms; /* when it happened or, if restored, when the board started */
    uint32_t sent_ms;
    bool sent, restored;
} places[PENDING_MAX];

static uint32_t serial, boot, seq;
static uint8_t next_place, waiting;
static uint16_t dropped;

void latch_init(uint32_t own_serial, uint32_t own_boot, uint32_t now)
{
    serial = own_serial;
    boot = own_boot;
    next_place = boot % PENDING_MAX; /* spreads the EEPROM's wear over the boots */
    for (uint8_t i = 0; i < PENDING_MAX; i++)
        if (store_load(i, &places[i].event)) {
            places[i].noticed_ms = now;
            places[i].restored = true;
            waiting++;
        }
}

static struct pending *free_place(void)
{
    for (uint8_t tries = 0; tries < PENDING_MAX; tries++) {
        struct pending *place = &places[next_place];
        next_place = (next_place + 1) % PENDING_MAX;
        if (place->event.kind == EVENT_NONE)
            return place;
    }
    return 0;
}

static struct pending *oldest_other(uint32_t now)
{
    struct pending *oldest = 0;
    for (struct pending *p = places; p < places + PENDING_MAX; p++)
        if (p->event.kind != EVENT_PRESS && (!oldest || now - p->noticed_ms > now - oldest->noticed_ms))
            oldest = p;
    return oldest;
}

static void release(struct pending *place)
{
    place->event.kind = EVENT_NONE;
    waiting--;
    store_forget(place - places);
}

void latch_add(uint8_t kind, uint8_t button, uint32_t now)
{
    struct event event = {.boot = boot, .seq = seq++, .kind = kind, .button = button};
    struct pending *place = free_place();
    if (!place) {
        dropped++;
        place = kind == EVENT_PRESS ? oldest_other(now) : 0;
        if (!place)
            return;
        release(place);
    }
    *place = (struct pending){.event = event, .noticed_ms = now};
    waiting++;
    if (kind == EVENT_PRESS || kind == EVENT_TAMPER)
        store_keep(place - places, &event);
}

void latch_ack(uint32_t of_boot, uint32_t of_seq)
{
    for (struct pending *p = places; p < places + PENDING_MAX; p++)
        if (p->event.kind != EVENT_NONE && p->event.boot == of_boot && p->event.seq == of_seq)
            release(p);
}

static bool send(const struct pending *p, uint32_t now)
{
    struct {
        uint32_t serial, boot, seq;
        uint8_t kind, button;
        uint32_t age_ms;
    } payload = {
        serial, p->event.boot, p->event.seq, p->event.kind, p->event.button,
        p->restored ? UNKNOWN_AGE : now - p->noticed_ms,
    };
    return report(REPORT_EVENT, &payload, sizeof payload);
}

void latch_step(uint32_t now)
{
    for (struct pending *p = places; waiting && p < places + PENDING_MAX; p++) {
        if (p->event.kind == EVENT_NONE || (p->sent && now - p->sent_ms < RESEND_MS))
            continue;
        if (!send(p, now))
            return;
        p->sent = true;
        p->sent_ms = now;
    }
}

uint8_t latch_count(void)
{
    return waiting;
}

uint16_t latch_dropped(void)
{
    return dropped;
}

static bool press_waits(uint32_t now, uint32_t from_ms, uint32_t until_ms)
{
    for (struct pending *p = places; waiting && p < places + PENDING_MAX; p++) {
        uint32_t waited = now - p->noticed_ms;
        if (p->event.kind == EVENT_PRESS && waited >= from_ms && waited < until_ms)
            return true;
    }
    return false;
}

bool latch_alarms(uint32_t now)
{
    return press_waits(now, OWN_ALARM_MS, UINT32_MAX);
}

bool latch_sounds(uint32_t now)
{
    return press_waits(now, OWN_ALARM_MS, OWN_ALARM_MS + SIREN_CAP_MS);
}
