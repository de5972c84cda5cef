# SPDX-License-Identifier: GPL-2.0
# Verbs only; what is built is in Kbuild, what is tested in selftest/.

KERNEL ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KERNEL)/build
PREFIX ?= /usr
export PREFIX DESTDIR

.DEFAULT_GOAL := help

help: ## this text
	@sed -n 's/^\([a-z-]*\):.*## */  \1|/p' $(MAKEFILE_LIST) | \
		awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

demo: ## two hosts and a tunnel in a virtual machine, nothing else is touched
	@bash selftest/demo/demo.sh

check: ## everything that is tested, on the kernels of this distribution
	@bash selftest/check.sh

check-debug: ## system tests and bench workloads under KASAN, lockdep, KCSAN (builds the kernels)
	@bash selftest/check.sh debug

deps: ## install what building and testing need
	@sh selftest/deps.sh

module: ## wireguard.ko, for KDIR=build-tree (ARCH=um, LLVM=1 and so on work)
	@[ -e "$(KDIR)/Makefile" ] || { echo "no kernel headers in $(KDIR):" \
		"apt install linux-headers-$(KERNEL), or say KDIR=" >&2; exit 1; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

style: ## layers, lengths and words of the sources
	@python3 selftest/lint/lint.py

tools: ## wg and wg-quick
	$(MAKE) -C tools

install-tools: ## wg and wg-quick into $(DESTDIR)$(PREFIX)
	$(MAKE) -C tools install

fuzz-tools: ## 10^7 executions of each parser of the tools
	$(MAKE) -C tools fuzz

install: ## register with DKMS, build and install the module (root)
	@sh selftest/package/install.sh

uninstall: ## undo that; the kernel's own module is in its place again
	@sh selftest/package/uninstall.sh

load: ## exchange the running module for the installed one (FORCE=1: with tunnels)
	@sh selftest/package/load.sh

state: ## which module runs, which would be loaded, and what Secure Boot says
	@sh selftest/package/state.sh

matrix: ## the package on the kernels of bullseye, bookworm, trixie and sid
	@bash selftest/package/matrix.sh

bench-crypto: ## cycles per message, beside the kernel's own and OpenSSL's
	$(MAKE) -C selftest/bench/crypto

bench: ## the tunnel beside the in-tree module, in one kernel
	@bash selftest/bench/net/bench.sh

bench-tools: ## wg and wg-quick beside Debian's, in one kernel
	@bash selftest/bench/tools/bench.sh

clean: ## remove what was built; caches outside the tree stay
	rm -rf build src/compat/probed
	find . -path ./.git -prune -o \( -name '*.o' -o -name '*.ko' \
		-o -name '*.mod' -o -name '*.mod.c' -o -name '.*.cmd' \
		-o -name modules.order -o -name Module.symvers \) \
		-exec rm -f {} +

.PHONY: help demo check check-debug deps module style tools install-tools \
	fuzz-tools install uninstall load state matrix bench-crypto bench \
	bench-tools clean
