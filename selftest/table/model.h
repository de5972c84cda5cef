/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the trie ought to do, as plainly as possible: a list of prefixes in the
 * order in which their owners got them, searched from end to end.
 */
#ifndef MODEL_H
#define MODEL_H

#include "check.h"
#include "table/trie.h"

#define MODEL_MAX 4096
#define OWNER_MAX 16

struct model_row {
	struct wg_prefix prefix;	/* host bits zero */
	unsigned int owner;
};

struct model {
	struct wg_trie trie;
	struct mutex lock;
	struct wg_owner owner[OWNER_MAX];
	struct model_row row[MODEL_MAX];
	unsigned int n;
};

void model_init(struct model *m);
/* Empties both and says whether the trie has forgotten everything. */
bool model_exit(struct model *m);

/* Each does the same to both. What the trie says is compared by the others. */
int model_insert(struct model *m, const struct wg_prefix *p, unsigned int owner);
void model_remove(struct model *m, const struct wg_prefix *p,
		  unsigned int owner);
void model_remove_owner(struct model *m, unsigned int owner);

/* Whether both give the same answer for @addr; for addresses at and around both
 * ends of every prefix; and for all owners' prefixes, in order.
 */
bool model_agrees_at(const struct model *m, unsigned int bits, const u8 *addr);
bool model_agrees_around(const struct model *m);
bool model_agrees_in_order(const struct model *m);

/* @cidr bits of @value, first bit highest, behind @skip bits that are @fill */
struct wg_prefix model_prefix(unsigned int bits, unsigned int skip,
			      unsigned int fill, u32 value, unsigned int len);

#endif /* MODEL_H */
