#include "store.h"

#include <avr/eeprom.h>
#include <stddef.h>
#include <string.h>

#include "frame.h"
#include "protocol.h"

/* 100,000 writes a cell: 16 places give 1.6 million boots, and as many presses. */
#define BOOTS 16
#define KEPT 0xA5
#define FORGOTTEN 0x00

struct boot_record {
    uint32_t count;
    uint16_t crc;
    uint8_t spare[2];
};

struct slot_record {
    struct event event;
    uint16_t crc;
    uint8_t state;
    uint8_t spare[3];
};

/* The serial number stands at 0 for whoever burns it. */
#define SERIAL ((const uint32_t *)0)
#define BOOT_RING ((struct boot_record *)16)
#define SLOTS ((struct slot_record *)256)

enum job { JOB_NONE, JOB_KEEP, JOB_FORGET };

static enum job jobs[PENDING_MAX];
static struct event kept[PENDING_MAX];
static struct slot_record image;
static uint8_t slot, cursor; /* the byte written next, while `writing` */
static bool writing;

uint32_t store_serial(void)
{
    return eeprom_read_dword(SERIAL);
}

static uint16_t boot_crc(const struct boot_record *record)
{
    return frame_crc((const uint8_t *)&record->count, sizeof record->count);
}

static bool is_blank(const struct boot_record *record)
{
    return record->count == UINT32_MAX && record->crc == UINT16_MAX;
}

/* Writes to `place` or, where a cell is worn out, to the next place that holds. */
static void write_boot(uint8_t place, uint32_t count)
{
    struct boot_record record = {.count = count}, back;
    record.crc = boot_crc(&record);
    for (uint8_t tries = 0; tries < BOOTS; tries++) {
        eeprom_update_block(&record, BOOT_RING + place, sizeof record);
        eeprom_read_block(&back, BOOT_RING + place, sizeof back);
        if (memcmp(&record, &back, sizeof record) == 0)
            return;
        place = (place + 1) % BOOTS;
    }
}

/* A number that comes twice would give new presses the names of old ones, and the host would drop them. So each
 * damaged record counts as a boot: it may have been a later one. */
uint32_t store_count_boot(void)
{
    uint32_t newest = 0;
    uint8_t place = 0, damaged = 0;
    for (uint8_t i = 0; i < BOOTS; i++) {
        struct boot_record record;
        eeprom_read_block(&record, BOOT_RING + i, sizeof record);
        if (record.crc != boot_crc(&record)) {
            damaged += !is_blank(&record);
        } else if (record.count >= newest) {
            newest = record.count;
            place = (i + 1) % BOOTS;
        }
    }
    write_boot(place, newest + damaged + 1);
    return newest + damaged + 1;
}

bool store_load(uint8_t from, struct event *event)
{
    struct slot_record record;
    eeprom_read_block(&record, SLOTS + from, sizeof record);
    if (record.state != KEPT || record.crc != frame_crc((uint8_t *)&record.event, sizeof record.event))
        return false;
    *event = record.event;
    return true;
}

void store_keep(uint8_t to, const struct event *event)
{
    kept[to] = *event;
    jobs[to] = JOB_KEEP;
    if (to == slot)
        writing = false;
}

void store_forget(uint8_t from)
{
    jobs[from] = JOB_FORGET;
    if (from == slot)
        writing = false;
}

static bool find(enum job wanted)
{
    for (uint8_t i = 0; i < PENDING_MAX; i++)
        if (jobs[i] == wanted) {
            slot = i;
            return true;
        }
    return false;
}

static bool begin(void)
{
    if (!find(JOB_KEEP) && !find(JOB_FORGET))
        return false;
    memset(&image, 0, sizeof image);
    image.event = kept[slot];
    image.crc = frame_crc((uint8_t *)&image.event, sizeof image.event);
    image.state = jobs[slot] == JOB_KEEP ? KEPT : FORGOTTEN;
    cursor = jobs[slot] == JOB_KEEP ? 0 : offsetof(struct slot_record, state);
    return true;
}

void store_step(void)
{
    if (!eeprom_is_ready())
        return;
    if (!writing)
        writing = begin();
    if (!writing)
        return;
    /* The state byte comes last: until then the slot holds no valid record. */
    eeprom_update_byte((uint8_t *)(SLOTS + slot) + cursor, ((uint8_t *)&image)[cursor]);
    if (cursor++ == offsetof(struct slot_record, state)) {
        jobs[slot] = JOB_NONE;
        writing = false;
    }
}
