package link

// check runs the checks that look at the whole bot.
func (l *linker) check() {
}
