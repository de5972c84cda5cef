// SPDX-License-Identifier: GPL-2.0
#include "model.h"

static bool bit_get(const u8 *addr, unsigned int i)
{
	return addr[i / 8] >> (7 - i % 8) & 1;
}

static void bit_set(u8 *addr, unsigned int i, bool v)
{
	u8 mask = 0x80 >> i % 8;

	addr[i / 8] = v ? addr[i / 8] | mask : addr[i / 8] & ~mask;
}

struct wg_prefix model_prefix(unsigned int bits, unsigned int skip,
			      unsigned int fill, u32 value, unsigned int len)
{
	struct wg_prefix p = { .family_bits = bits, .cidr = skip + len };
	unsigned int i;

	for (i = 0; i < skip; i++)
		bit_set(p.addr, i, fill);
	for (i = 0; i < len; i++)
		bit_set(p.addr, skip + i, value >> (len - 1 - i) & 1);
	return p;
}

static struct wg_prefix masked(const struct wg_prefix *p)
{
	struct wg_prefix q = *p;
	unsigned int i;

	for (i = p->cidr; i < 128; i++)
		bit_set(q.addr, i, 0);
	return q;
}

void model_init(struct model *m)
{
	unsigned int i;

	memset(m, 0, sizeof(*m));
	mutex_init(&m->lock);
	wg_trie_init(&m->trie, &m->lock);
	for (i = 0; i < OWNER_MAX; i++)
		wg_owner_init(&m->owner[i]);
	mutex_lock(&m->lock);
}

static struct model_row *row_find(struct model *m, const struct wg_prefix *p)
{
	struct wg_prefix q = masked(p);
	unsigned int i;

	for (i = 0; i < m->n; i++)
		if (!memcmp(&m->row[i].prefix, &q, sizeof(q)))
			return &m->row[i];
	return NULL;
}

static void row_drop(struct model *m, struct model_row *row)
{
	memmove(row, row + 1, (m->row + m->n - row - 1) * sizeof(*row));
	m->n--;
}

int model_insert(struct model *m, const struct wg_prefix *p, unsigned int owner)
{
	int err = wg_trie_insert(&m->trie, p, &m->owner[owner]);
	struct model_row *row = row_find(m, p);

	if (err)
		return err;
	if (row)
		row_drop(m, row);
	m->row[m->n++] = (struct model_row){ masked(p), owner };
	return 0;
}

void model_remove(struct model *m, const struct wg_prefix *p,
		  unsigned int owner)
{
	struct model_row *row = row_find(m, p);

	wg_trie_remove(&m->trie, p, &m->owner[owner]);
	if (row && row->owner == owner)
		row_drop(m, row);
}

void model_remove_owner(struct model *m, unsigned int owner)
{
	unsigned int i = 0;

	wg_trie_remove_owner(&m->trie, &m->owner[owner]);
	while (i < m->n) {
		if (m->row[i].owner == owner)
			row_drop(m, &m->row[i]);
		else
			i++;
	}
}

bool model_exit(struct model *m)
{
	unsigned int i;

	wg_trie_exit(&m->trie);
	REQUIRE(!m->trie.prefix_n);
	REQUIRE(!m->trie.node_n);
	for (i = 0; i < OWNER_MAX; i++) {
		REQUIRE(!m->owner[i].prefix_n);
		REQUIRE(list_empty(&m->owner[i].pages));
	}
	return true;
}

static bool covers(const struct wg_prefix *p, unsigned int bits, const u8 *addr)
{
	unsigned int i;

	if (p->family_bits != bits)
		return false;
	for (i = 0; i < p->cidr / 8u; i++)
		if (p->addr[i] != addr[i])
			return false;
	for (i *= 8; i < p->cidr; i++)
		if (bit_get(p->addr, i) != bit_get(addr, i))
			return false;
	return true;
}

bool model_agrees_at(const struct model *m, unsigned int bits, const u8 *addr)
{
	const struct model_row *best = NULL;
	const struct wg_owner *found;
	unsigned int i;

	for (i = 0; i < m->n; i++) {
		const struct model_row *row = &m->row[i];

		if (covers(&row->prefix, bits, addr) &&
		    (!best || row->prefix.cidr > best->prefix.cidr))
			best = row;
	}
	found = wg_trie_find(&m->trie, bits, addr);
	REQUIRE(found == (best ? &m->owner[best->owner] : NULL));
	return true;
}

/* First and last address of @p, and those with one bit of the prefix changed */
static bool agrees_near(const struct model *m, const struct wg_prefix *p)
{
	u8 last[16], addr[16];
	unsigned int i;

	memcpy(last, p->addr, 16);
	for (i = p->cidr; i < p->family_bits; i++)
		bit_set(last, i, 1);
	if (!model_agrees_at(m, p->family_bits, p->addr) ||
	    !model_agrees_at(m, p->family_bits, last))
		return false;
	for (i = 0; i < p->cidr; i += 1 + check_random() % 8) {
		memcpy(addr, check_random() & 1 ? last : p->addr, 16);
		bit_set(addr, i, !bit_get(addr, i));
		if (!model_agrees_at(m, p->family_bits, addr))
			return false;
	}
	return true;
}

bool model_agrees_around(const struct model *m)
{
	unsigned int i;

	for (i = 0; i < m->n; i++)
		if (!agrees_near(m, &m->row[i].prefix))
			return false;
	return true;
}

bool model_agrees_in_order(const struct model *m)
{
	struct wg_owner_cursor cursor[OWNER_MAX] = { 0 };
	unsigned int i, count[OWNER_MAX] = { 0 };
	struct wg_prefix p;

	REQUIRE(m->trie.prefix_n == m->n);
	for (i = 0; i < m->n; i++) {
		const struct model_row *row = &m->row[i];

		REQUIRE(wg_owner_next(&m->owner[row->owner],
				      &cursor[row->owner], &p));
		REQUIRE(!memcmp(&p, &row->prefix, sizeof(p)));
		count[row->owner]++;
	}
	for (i = 0; i < OWNER_MAX; i++) {
		REQUIRE(!wg_owner_next(&m->owner[i], &cursor[i], &p));
		REQUIRE(!wg_owner_changed(&m->owner[i], &cursor[i]));
		REQUIRE(m->owner[i].prefix_n == count[i]);
	}
	return true;
}
