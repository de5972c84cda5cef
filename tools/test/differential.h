/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Between the files of the differential test: what is asked is made in
 * differential_make.c, both programs are run and compared in
 * differential_run.c, states that only a stand-in can have are told by
 * differential_told.c, and differential.c says what is asked when.
 */
#ifndef TOOLS_TEST_DIFFERENTIAL_H
#define TOOLS_TEST_DIFFERENTIAL_H

#include "tools/config/key.h"

#define KEYS_N		10
#define WORDS_MAX	64
#define WORD_LEN	4096
#define OUTPUT_LEN	(1 << 18)

struct result {
	int status;
	size_t out_len;
	size_t err_len;
	char out[OUTPUT_LEN];
	char err[OUTPUT_LEN];
};

struct words {
	int n;
	char word[WORDS_MAX][WORD_LEN];
};

extern const char *our_wg, *reference_wg, *interface;
extern char directory[256];
extern char keys[KEYS_N][KEY_BASE64_LEN + 1];
extern bool is_user;
extern u64 rng_state;
extern unsigned int check_n, difference_n, refused_n;
extern struct result ours, theirs, state_ours, state_theirs;
extern struct words words;

/* Running. The words are the arguments of the next run. */
u32 rng(u32 below);
__attribute__((noreturn))
void die(const char *what);
const char *path_of(const char *name);
size_t file_slurp(const char *name, char *text);
void file_write(const char *name, const char *text, size_t len);
void run(const char *program, struct result *result);
void words_set(int n, ...);
__attribute__((format(printf, 1, 2)))
void words_add(const char *format, ...);

/* An interface that says what we want it to, and questions to it. */
void told_start(void);
void told_stop(void);
void check_told(void);

/* Comparing the two results, and what is made equal in them before. */
void sort_pieces(char *text, const char *separator);
void mask_port(char *dump);
void strip_interface(char *text);
void report(const char *what);
void compare(const char *what, bool has_paragraphs);

/* Making keys, configurations, arguments, and slips of the finger in them. */
void put_prefix(char *text, bool is_complete);
void put_endpoint(char *text);
void key_make(char text[KEY_BASE64_LEN + 1]);
size_t put_config(char *text, bool is_complete);
void put_set(void);
size_t mutate_text(char *text, size_t len);
void mutate_words(void);
bool is_excluded(const char *text);
bool words_are_excluded(void);

#endif /* TOOLS_TEST_DIFFERENTIAL_H */
