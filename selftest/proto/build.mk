# SPDX-License-Identifier: GPL-2.0
# How src/proto and crypto/ become a program: shared by the unit tests, the
# simulator and the fuzzers. The including Makefile sets TOP and NAME (of its
# folder in build/), then says what $(BUILD)/... is linked from.
#
#   CC=clang   SAN=1 (address, undefined)   M32=1 (32-bit, needs gcc-multilib)

comma := ,
CC ?= cc
BUILD ?= $(TOP)/build/selftest/$(NAME)-$(notdir $(firstword $(CC)))$(if $(SAN),-san)$(if $(M32),-m32)
# A mutant replaces src/proto; everything else stays.
PROTO ?= $(TOP)/src/proto

FLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror $(if $(M32),-m32)
FLAGS += $(if $(SAN),-fsanitize=address$(comma)undefined -fno-sanitize-recover=all)
FLAGS += $(EXTRA_FLAGS) -iquote $(TOP) -iquote $(dir $(PROTO)) -iquote $(TOP)/src

crypto_c := $(wildcard $(TOP)/crypto/*.c)
ifneq ($(M32),1)
ifneq ($(filter x86_64%,$(shell $(CC) -dumpmachine)),)
crypto_c += $(wildcard $(TOP)/crypto/x86/*.c $(TOP)/crypto/x86/*.S)
include $(wildcard $(TOP)/crypto/x86/flags.mk)
endif
endif

CRYPTO_OBJ := $(patsubst $(TOP)/crypto/%,$(BUILD)/crypto/%.o,$(crypto_c))
PROTO_OBJ := $(patsubst $(PROTO)/%,$(BUILD)/proto/%.o,$(wildcard $(PROTO)/*.c))
TEST_OBJ := $(patsubst %,$(BUILD)/test/%.o,$(wildcard *.c))
headers := $(wildcard $(TOP)/crypto/*.h $(TOP)/crypto/x86/*.h)

$(BUILD)/crypto/%.o: $(TOP)/crypto/% $(headers)
	@mkdir -p $(@D)
	$(CC) $(FLAGS) $(CFLAGS_$(basename $(notdir $<)).o) -c $< -o $@

headers += $(wildcard $(PROTO)/*.h $(TOP)/selftest/proto/*.h *.h)

$(BUILD)/proto/%.o: $(PROTO)/% $(headers)
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -c $< -o $@

$(BUILD)/test/%.o: % $(headers)
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -c $< -o $@
