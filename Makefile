# Parley. `make help` lists what can be done; how each step is done stands in deploy/dev/ and tests/.
#
# Sources are found by their folder: fcgi/{base,wire,db} are the floors that all programs stand on, every other folder of
# fcgi/ with a main.c is a program, tests/unit/FLOOR/test_*.c and tests/fuzz/fuzz_*.c are one test program each.

SHELL   := /bin/sh
PORT    ?= 8080
STATE   ?= var
LIMITS  ?= on
LISTEN  ?= 127.0.0.1
# Pairs of parley-api and parley-stream behind one nginx, on one database.
NODES   ?= 1
# on: what is edited in web/ is there at the next reload; off: browsers keep the page's files until the next start.
LIVE    ?= off
# Sanitizers, comma separated: `make check SAN=address,undefined`. Each combination has its own build folder.
SAN     ?=

FLOORS   := base wire db
PROGRAMS := $(filter-out $(FLOORS),$(patsubst fcgi/%/main.c,%,$(wildcard fcgi/*/main.c)))
OUT      := build$(if $(SAN),/$(SAN))

VERSION  := 0.1.0$(shell git describe --always --dirty --exclude='*' 2>/dev/null | sed 's/^/+/')

CC       := gcc
CPPFLAGS := -Ifcgi -D_GNU_SOURCE
CFLAGS   := -std=gnu11 -O2 -g -pthread -fno-omit-frame-pointer -fstack-protector-strong \
            -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wpointer-arith \
            -Wwrite-strings -Wundef -Wvla -Wimplicit-fallthrough -Werror
ifeq ($(SAN),)
CPPFLAGS += -D_FORTIFY_SOURCE=2
else
CFLAGS   += -fsanitize=$(SAN) -fno-sanitize-recover=all
endif
LDFLAGS  := -pthread -Wl,-z,relro,-z,now,--as-needed
FLOOR_PACKAGES  := libpq jansson libsodium libcrypto
image_PACKAGES  := vips libseccomp
LIBFCGI  := -lfcgi -lwslay -lm

# Only evaluated in recipes: the packages may not be installed before `make install-run` has run.
packages  = $(FLOOR_PACKAGES) $($(1)_PACKAGES)
cflags    = $(shell pkg-config --cflags $(call packages,$(1)))
libs      = $(shell pkg-config --libs $(call packages,$(1))) $(LIBFCGI)

# The folder under fcgi/ that a path like build/obj/fcgi/api/route.o or build/unit/api/test_route belongs to.
floor_of  = $(word 2,$(subst /, ,$(patsubst $(OUT)/obj/%,%,$(patsubst $(OUT)/obj/tests/%,%,$(patsubst $(OUT)/unit/%,fcgi/%,$(1))))))

objects        = $(patsubst %.c,$(OUT)/obj/%.o,$(wildcard fcgi/$(1)/*.c))
floor_objects := $(foreach f,$(FLOORS),$(call objects,$(f)))
unit_tests    := $(patsubst tests/unit/%.c,$(OUT)/unit/%,$(wildcard tests/unit/*/test_*.c))
fuzz_replays  := $(patsubst tests/fuzz/%.c,$(OUT)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
STEP          := deploy/dev/step $(OUT)/log
make_all      := $(MAKE) --no-print-directory -j$(shell nproc)

.PHONY: help run build test test-fresh test-deploy test-ha check lint bench fuzz admin status clean install-run install-test install-bench programs test-programs vendor
.DELETE_ON_ERROR:
.SECONDARY:

help: ## list what can be done
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | while IFS='	' read -r name does; do \
	  printf '  make %-11s %s\n' "$$name" "$$does"; done
	@echo; echo '  Settings: PORT=8080 STATE=var LIMITS=on|off LISTEN=127.0.0.1 NODES=1 LIVE=off|on (run), SAN=address,undefined or thread (check, build)'

run: install-run ## install what is missing, build, and serve on http://127.0.0.1:PORT/ until Ctrl-C
	@$(make_all) programs vendor
	@PORT='$(PORT)' STATE='$(STATE)' LIMITS='$(LIMITS)' LISTEN='$(LISTEN)' NODES='$(NODES)' LIVE='$(LIVE)' exec deploy/dev/run

build: install-run ## the programs, and the web libraries into web/vendor/
	@$(make_all) programs vendor

test: install-test ## every test there is, all C once more with sanitizers; never touches the data of `make run`
	@$(make_all) programs vendor test-programs
	@$(make_all) programs test-programs SAN=address,undefined
	@$(make_all) programs test-programs SAN=thread
	@exec tests/run lint unit fuzz sql web http operate faults browser unit@address,undefined fuzz@address,undefined unit@thread threads@thread

check: install-test ## unit tests, fuzz corpus and HTTP tests, with the sanitizers of SAN
	@$(make_all) programs vendor test-programs
	@exec tests/run $(foreach s,unit fuzz http,$(s)$(if $(SAN),@$(SAN)))

lint: install-test ## floors, function lengths, shell, JavaScript, SQL manifest, nginx files
	@$(make_all) vendor
	@exec tests/run lint

bench: install-bench ## measure posts/s, deliveries/s, latency and memory against other servers; ONLY=posts: some of it, DATA=var/bench: where its ten million messages are kept
	@$(make_all) programs vendor
	@exec node tests/bench/bench.mjs

test-fresh: ## the README's commands on a pristine Debian 12 with git and make, booted for it (takes root)
	@exec deploy/test/fresh

test-ha: ## two hosts of Parley and two of PostgreSQL, one of which is killed under load (takes root)
	@exec deploy/test/ha

test-deploy: ## the playbook against a pristine Debian 12, booted for it (takes root)
	@exec deploy/test/run

fuzz: ## run the fuzz drivers with clang's libFuzzer, FUZZ_SECONDS=60 each
	@deploy/dev/install fuzz
	@exec tests/fuzz-run

admin: ## administration, e.g. make admin do=reset-password user=owner
	@STATE='$(STATE)' exec deploy/parley admin

status: ## one look that tells all of what `make run` runs; `deploy/parley` has more, such as backup and restore
	@STATE='$(STATE)' exec deploy/parley status

clean: ## remove what was built (never STATE)
	rm -rf build web/vendor

# --- what the targets above are made of ---

install-run:
	@deploy/dev/install run

install-test:
	@deploy/dev/install test

install-bench:
	@deploy/dev/install bench

programs: $(patsubst %,$(OUT)/parley-%,$(PROGRAMS))
	@:

test-programs: $(unit_tests) $(fuzz_replays)
	@:

vendor:
	@deploy/dev/vendor

define program_rules
$(OUT)/$(1).a: $(filter-out %/main.o,$(call objects,$(1)))
$(OUT)/parley-$(1): $(OUT)/obj/fcgi/$(1)/main.o $(OUT)/$(1).a $(OUT)/floors.a
	@$(STEP) 'LD $$@' $(CC) $(CFLAGS) $(LDFLAGS) -o $$@ $$^ $$(call libs,$(1))
$(patsubst tests/unit/%.c,$(OUT)/unit/%,$(wildcard tests/unit/$(1)/test_*.c)): $(OUT)/$(1).a
$(patsubst tests/fuzz/%.c,$(OUT)/fuzz/%,$(wildcard tests/fuzz/fuzz_$(1)_*.c)): $(OUT)/$(1).a
$(patsubst tests/fuzz/%.c,$(OUT)/fuzz/%,$(wildcard tests/fuzz/fuzz_$(1)_*.c)): fuzz_of := $(1)
endef
$(foreach p,$(PROGRAMS),$(eval $(call program_rules,$(p))))

$(OUT)/floors.a: $(floor_objects)

# Archives, so that a test program takes only what it calls and may bring its own double of a module.
$(OUT)/%.a:
	@rm -f $@
	@$(STEP) 'AR $@' ar rcs $@ $^

$(OUT)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	@$(STEP) 'CC $<' $(CC) $(CPPFLAGS) $(CFLAGS) $(call cflags,$(call floor_of,$@)) -MMD -MP -c -o $@ $<

$(OUT)/unit/%: $(OUT)/obj/tests/unit/%.o $(OUT)/floors.a
	@mkdir -p $(@D)
	@$(STEP) 'LD $@' $(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter-out %/floors.a,$(filter %.a,$^)) $(OUT)/floors.a \
	  -lcmocka $(call libs,$(call floor_of,$@))

# Replays the corpus with gcc (fuzz_PROGRAM_x.c links that program's modules); `make fuzz` builds the same driver with clang's libFuzzer instead of this main().
$(OUT)/fuzz/%: $(OUT)/obj/tests/fuzz/%.o $(OUT)/obj/tests/harness/fuzz_replay.o $(OUT)/floors.a
	@mkdir -p $(@D)
	@$(STEP) 'LD $@' $(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter-out %/floors.a,$(filter %.a,$^)) $(OUT)/floors.a $(call libs,$(fuzz_of))

# The version is part of few files: only these are compiled again when it changes.
versioned := $(patsubst %.c,$(OUT)/obj/%.o,$(shell grep -ls PARLEY_VERSION fcgi/*/*.c))
$(versioned): CPPFLAGS += -DPARLEY_VERSION='"$(VERSION)"'
$(versioned): $(OUT)/version
$(OUT)/version: FORCE
	@mkdir -p $(@D); echo '$(VERSION)' | cmp -s - $@ || echo '$(VERSION)' > $@
FORCE:

-include $(shell find $(OUT)/obj -name '*.d' 2>/dev/null)
