package link

// check runs the checks that look at the whole bot.
func (l *linker) check() {
	l.wording()
	l.redirects()
	l.tappable()
	l.opening()
	l.cycles()
	l.catchAlls()
	l.traps()
	l.variables()
	l.unused()
	l.shadows()
	l.platform()
	l.permissions(l.granted)
}
