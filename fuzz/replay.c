/* SPDX-License-Identifier: BSD-2-Clause
 *
 * replay - runs a fuzz target on the files of folders, as a test that needs no libFuzzer.
 *
 * Arguments are folders, or files; of a file named SEEDS the folder is meant.  An input that
 * breaks the target ends the program, and the last line says which it was.
 */
#include "base/base.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static unsigned n_inputs;

static void replay_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	uint8_t *data;

	if (!f || fstat(fileno(f), &st) < 0) {
		printf("Bail out! cannot read %s: %m\n", path);
		exit(1);
	}
	/* A block that ends with the input, so that a sanitizer sees who reads on. */
	data = malloc(st.st_size ? (size_t)st.st_size : 1);
	if (!data || fread(data, 1, (size_t)st.st_size, f) != (size_t)st.st_size)
		abort();
	fclose(f);
	printf("# %s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(data, (size_t)st.st_size);
	free(data);
	printf("ok %u - %s\n", ++n_inputs, strrchr(path, '/') + 1);
	fflush(stdout);
}

static void replay_folder(const char *folder)
{
	struct dirent **names;
	int n = scandir(folder, &names, NULL, alphasort);

	if (n < 0) {
		printf("Bail out! cannot list %s: %m\n", folder);
		exit(1);
	}
	for (int i = 0; i < n; i++) {
		auto_free char *path = xasprintf("%s/%s", folder, names[i]->d_name);

		if (names[i]->d_name[0] != '.' && strcmp(names[i]->d_name, "SEEDS") != 0)
			replay_file(path);
		free(names[i]);
	}
	free(names);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		char *name = strrchr(argv[i], '/');

		if (name && !strcmp(name, "/SEEDS")) {
			*name = 0;
			replay_folder(argv[i]);
		} else if (name) {
			struct stat st;

			if (!stat(argv[i], &st) && S_ISDIR(st.st_mode))
				replay_folder(argv[i]);
			else
				replay_file(argv[i]);
		}
	}
	printf("1..%u\n", n_inputs);
	return n_inputs ? 0 : 1;
}
