/* SPDX-License-Identifier: BSD-2-Clause
 *
 * ctl - fuzzes the requests of the control socket: bytes come as a message, with descriptors.
 *
 * Whatever comes, there is one answer, and it can be written: {"ok": true, ...}, or
 * {"ok": false} with a sentence.  A handler that keeps a descriptor gets what it asked for.
 */
#include "ctl/server.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static json_t *do_echo(void *arg, const json_t *request, struct ctl_fds *fds)
{
	json_t *what = json_object_get(request, "what");

	return what ? ctl_ok("s:O", "what", what)
		    : ctl_error("the request lacks \"what\"");
}

/* A handler quotes what it was given, whatever bytes that are. */
static json_t *do_quote(void *arg, const json_t *request, struct ctl_fds *fds)
{
	const char *what = json_string_value(json_object_get(request, "what"));

	return ctl_error("what is \"%.20s\"?", what ? what : "");
}

static json_t *do_keep(void *arg, const json_t *request, struct ctl_fds *fds)
{
	return ctl_ok("s:i", "kept", fds->n ? take_fd(&fds->fd[0]) : -1);
}

static const struct ctl_verb verbs[] = {
	{"echo", do_echo}, {"quote", do_quote}, {"keep", do_keep}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct ctl_fds fds = {.fd = {1000, 1001},
			      .n = 2}; /* nobody's: nothing here closes them */
	json_t *reply = ctl_server_answer(verbs, array_size(verbs), NULL,
					  (const char *)data, len, &fds);
	json_t *ok = json_object_get(reply, "ok");
	char *text = json_dumps(reply, JSON_COMPACT);

	if (!text || !json_is_boolean(ok))
		abort();
	if (json_is_false(ok) && !json_is_string(json_object_get(reply, "error")))
		abort();
	free(text);
	json_decref(reply);
	return 0;
}
