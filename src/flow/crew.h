/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The crew: one worker a CPU for sealing and opening, shared by all devices.
 *
 * A batch is worked on where it came up, at once, without waking anybody:
 * that is the fastest way as long as this CPU keeps up. A CPU that has spent
 * more than its share of the last millisecond on batches gives whole batches
 * to workers of other CPUs, so that one peer can use them all, and so that
 * a packet of another flow is not stuck behind bulk work.
 */
#ifndef WG_FLOW_CREW_H
#define WG_FLOW_CREW_H

#include <linux/workqueue.h>
#include "flow/batch.h"

int wg_crew_init(void);		/* module load */
void wg_crew_exit(void);	/* module unload: all batches are done */

/* The CPU for the next batch: this one, unless it is overloaded. BH off. */
int wg_crew_pick(void);

/*
 * Have @batch, which is in its lane, worked on by @cpu as picked. Bottom halves
 * off. @batch belongs to its work function from now on.
 */
void wg_crew_run(struct wg_batch *batch, int cpu);

/*
 * What may run anywhere is done: if @batch is the head of @lane, have @drain
 * called on the lane's CPU, once, for all that can leave. Bottom halves off.
 */
void wg_crew_finish(struct wg_batch *batch, struct wg_lane *lane,
		    void (*drain)(struct wg_batch *batch));

/*
 * Have @work run as a task on this CPU: when what runs now rests. Any context;
 * false: it was waiting already.
 */
bool wg_crew_later(struct work_struct *work);

#endif /* WG_FLOW_CREW_H */
