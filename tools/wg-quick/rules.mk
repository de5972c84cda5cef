# SPDX-License-Identifier: GPL-2.0
# wg-quick: included by the Makefile above.

QUICK_SRC = $(wildcard wg-quick/*.c)
QUICK_SHARED = $(filter-out $(O)/obj/wg/main.o $(O)/obj/wg/command_%,$(WG_OBJ))
QUICK_OBJ = $(patsubst %.c,$(O)/obj/%.o,$(QUICK_SRC)) $(QUICK_SHARED)
QUICK_LIBS = -lmnl -lnftables -lqrencode

all: $(O)/wg-quick

$(O)/wg-quick: $(QUICK_OBJ)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(QUICK_LIBS)

QUICK_UNIT_SRC = test/quick.c $(CONFIG_SRC) \
		 $(filter-out wg/main.c wg/command_%,$(WG_SRC)) \
		 $(filter-out wg-quick/main.c wg-quick/command_% \
			      wg-quick/new_% wg-quick/qr.c,$(QUICK_SRC))

TESTS += $(O)/quick-unit
$(O)/quick-unit: $(QUICK_UNIT_SRC) $(CRYPTO_OBJ) $(HEADERS) \
		 $(wildcard wg-quick/*.h)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -fsanitize=address,undefined \
		-fno-sanitize-recover=all -o $@ $(QUICK_UNIT_SRC) \
		$(CRYPTO_OBJ) -lmnl -lnftables

-include $(QUICK_OBJ:.o=.d)

# And a fuzz target, of all that a configuration goes through.
FUZZ_TARGETS += quick
QUICK_FUZZ_SRC = $(filter-out test/quick.c,$(QUICK_UNIT_SRC))

$(O)/fuzz/quick: fuzz/quick.c fuzz/fuzz.c $(QUICK_FUZZ_SRC) $(CRYPTO_OBJ) \
		 $(HEADERS) $(wildcard wg-quick/*.h)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_CFLAGS) -o $@ $(filter-out %.h,$^) -lmnl -lnftables
