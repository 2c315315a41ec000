// Package direction knows the plug-ins of a bot: what they say of themselves, what the
// owner of the bot grants them, which tags mean them, and what comes of a call. It
// gives the compiler the tags it may know and a turn somebody who runs them, whatever
// they are written in. All that a plug-in does is held against its grants here, where
// it happens; a plug-in that fails costs the reply no more than its own tag, and one
// that crashes again and again rests. It neither keeps values nor opens connections
// itself. No API of the host is promised.
package direction
