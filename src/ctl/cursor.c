/* SPDX-License-Identifier: BSD-2-Clause
 *
 * cursor - a command in words, being read from left to right.
 */
#include "ctl/cursor.h"

#include <stdarg.h>
#include <stdio.h>

bool cursor_is(struct cursor *c, const char *word)
{
	if (!*c->word || strcmp(*c->word, word) != 0)
		return false;
	c->word++;
	return true;
}

const char *cursor_next(struct cursor *c)
{
	return *c->word ? *c->word++ : NULL;
}

int cursor_value(struct cursor *c, const char *word, const char **ret)
{
	*ret = cursor_next(c);
	if (!*ret)
		return extack_set(c->ea, -EINVAL, "\"%s\" wants a value", word);
	return 0;
}

int cursor_number(struct cursor *c, const char *word, unsigned *ret)
{
	const char *text = NULL;
	unsigned long v;
	char *end;
	int err = cursor_value(c, word, &text);

	if (err)
		return err;
	errno = 0;
	v = strtoul(text, &end, 0);
	if (*text < '0' || *text > '9' || *end || errno || v > UINT32_MAX)
		return extack_set(c->ea, -EINVAL, "\"%s\" wants a number, not \"%s\"",
				  word, text);
	*ret = (unsigned)v;
	return 0;
}

int cursor_mac(struct cursor *c, const char *word, uint8_t addr[6])
{
	const char *text = NULL;
	unsigned b[6];
	int used = 0, err = cursor_value(c, word, &text);

	if (err)
		return err;
	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4],
		   &b[5], &used) != 6 ||
	    text[used])
		return extack_set(c->ea, -EINVAL, "\"%s\" is no MAC address", text);
	for (int i = 0; i < 6; i++)
		addr[i] = (uint8_t)b[i];
	return 0;
}

int cursor_netns(struct cursor *c, const char *word, struct netns **ret)
{
	const char *name = NULL;
	int err = cursor_value(c, word, &name);

	if (err)
		return err;
	*ret = words_netns(c->words, name);
	if (!*ret)
		return extack_set(c->ea, -EINVAL, "there is no namespace \"%s\"", name);
	return 0;
}

int cursor_device(struct cursor *c, struct dev **ret)
{
	const char *name = NULL;
	int err;

	(void)cursor_is(c, "dev");
	err = cursor_value(c, "link", &name);
	if (err)
		return err;
	*ret = netns_dev_named(c->ns, name);
	if (!*ret)
		return extack_set(c->ea, -ENODEV, "Cannot find device \"%s\"", name);
	return 0;
}

int cursor_unknown(struct cursor *c)
{
	if (!*c->word)
		return extack_set(c->ea, -EINVAL, "the command ends too early");
	return extack_set(c->ea, -EINVAL, "what is \"%s\"?", *c->word);
}

void cursor_show(struct cursor *c, const char *format, ...)
{
	char text[512], *before;
	va_list args;

	if (!c->out)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	before = *c->out;
	*c->out = xasprintf("%s%s", before ?: "", text);
	free(before);
}

/* ---- names of other devices, for settings ---- */

static unsigned devs_ifindex(const struct opt_devs *devs, const char *name)
{
	const struct devs *d = (const void *)devs;
	struct dev *dev = netns_dev_named(d->ns, name);

	return dev ? dev->ifindex : 0;
}

static const char *devs_name(const struct opt_devs *devs, unsigned ifindex)
{
	const struct devs *d = (const void *)devs;
	struct dev *dev = netns_dev(d->ns, ifindex);

	return dev ? dev->name : NULL;
}

struct devs devs_of(struct netns *ns)
{
	return (struct devs){{devs_ifindex, devs_name}, ns};
}

int cursor_settings(struct cursor *c, const struct dev_kind *kind, bool birth,
		    void *config)
{
	bool has_peer = kind->opts && opt_find_word(kind->opts, "peer");
	struct devs devs = devs_of(c->ns);
	size_t n = 0;
	char **first = c->word;

	while (first[n] && (has_peer || strcmp(first[n], "peer") != 0))
		n++;
	c->word += n;
	if (!n)
		return 0;
	if (!kind->opts)
		return extack_set(c->ea, -EINVAL, "%s has no setting \"%s\"", kind->name,
				  *first);
	return opts_words_parse(kind->opts, first, n, birth, &devs.devs, config, c->ea);
}
