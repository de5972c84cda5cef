# SPDX-License-Identifier: GPL-2.0
# wg-quick: included by the Makefile above.

QUICK_SRC = $(wildcard wg-quick/*.c)
QUICK_OBJ = $(patsubst %.c,$(O)/obj/%.o,$(QUICK_SRC)) \
	    $(filter-out $(O)/obj/wg/main.o $(O)/obj/wg/command_%,$(WG_OBJ))
QUICK_LIBS = -lmnl -lnftables -lqrencode

all: $(O)/wg-quick

$(O)/wg-quick: $(QUICK_OBJ)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(QUICK_LIBS)

-include $(QUICK_OBJ:.o=.d)
