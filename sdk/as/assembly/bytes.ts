// Texts are UTF-8 outside and UTF-16 inside: this is where they change.

/** The UTF-8 of a text. Halves of a surrogate pair become U+FFFD. */
export function encode(text: string): ArrayBuffer {
  return String.UTF8.encode(text, false, String.UTF8.ErrorMode.REPLACE);
}

/**
 * Bytes that are being written, as JSON or as they are. The memory is kept from one use to the next. Like a Reader it is not the
 * collector's: who makes one frees it.
 */
// @ts-ignore: the decorator is AssemblyScript's
@unmanaged
export class Writer {
  ptr: usize = 0;
  len: i32 = 0;
  private cap: i32 = 0;
  /** Something stands before what comes next, on the same level. */
  private comma: bool = false;

  reset(): void {
    this.len = 0;
    this.comma = false;
  }

  free(): void {
    if (this.ptr) heap.free(this.ptr);
    heap.free(changetype<usize>(this));
  }

  private reserve(more: i32): void {
    if (this.len + more <= this.cap) return;
    const cap = max(this.len + more, max(256, this.cap * 2));
    this.ptr = this.ptr ? heap.realloc(this.ptr, cap) : heap.alloc(cap);
    this.cap = cap;
  }

  private byte(b: i32): void {
    this.reserve(1);
    store<u8>(this.ptr + this.len++, b);
  }

  open(c: i32): void {
    this.byte(c);
    this.comma = false;
  }

  close(c: i32): void {
    this.byte(c);
    this.comma = true;
  }

  /** Begins the next element of a list. */
  element(): Writer {
    if (this.comma) this.byte(0x2c);
    this.comma = true;
    return this;
  }

  /** Begins the next field of an object. */
  key(name: string): Writer {
    this.element().quote(name);
    this.byte(0x3a);
    return this;
  }

  /** Writes what is JSON already. */
  raw(json: string): void {
    const n = String.UTF8.byteLength(json);
    this.reserve(n);
    String.UTF8.encodeUnsafe(changetype<usize>(json), json.length, this.ptr + this.len);
    this.len += n;
  }

  text(key: string, value: string): void {
    this.key(key).quote(value);
  }

  /** Writes a text unless it is empty. */
  optional(key: string, value: string): void {
    if (value.length) this.text(key, value);
  }

  /** Writes true, or nothing. */
  flag(key: string, set: bool): void {
    if (set) this.key(key).raw("true");
  }

  /** Writes a number above 0, or nothing. */
  count(key: string, n: i32): void {
    if (n > 0) this.key(key).raw(n.toString());
  }

  /** Writes a list of texts unless it is empty. */
  texts(key: string, list: string[]): void {
    if (list.length) this.key(key).list(list);
  }

  list(list: string[]): void {
    this.open(0x5b);
    for (let i = 0; i < list.length; i++) this.element().quote(list[i]);
    this.close(0x5d);
  }

  /** Writes a text in quotes. Halves of a surrogate pair become U+FFFD. */
  quote(text: string): void {
    // Six bytes are the most that one UTF-16 unit can take: \u001f.
    this.reserve(text.length * 6 + 2);
    let at = this.ptr + this.len;
    store<u8>(at++, 0x22);
    at = write(text, at, true);
    store<u8>(at++, 0x22);
    this.len = <i32>(at - this.ptr);
  }

  /** Writes a text as it is. Halves of a surrogate pair become U+FFFD. */
  plain(text: string): void {
    this.reserve(text.length * 3);
    this.len = <i32>(write(text, this.ptr + this.len, false) - this.ptr);
  }
}

/** Writes the UTF-8 of a text to a place, for a JSON text or as it is, and returns where it ends. */
function write(text: string, at: usize, json: bool): usize {
  let from = changetype<usize>(text);
  const end = from + (<usize>text.length << 1);
  while (from < end) {
    let c: u32 = load<u16>(from);
    from += 2;
    if (c < 0x80) {
      if (json && (c < 0x20 || c == 0x22 || c == 0x5c)) at = escape(at, c);
      else store<u8>(at++, c);
      continue;
    }
    if ((c & 0xf800) == 0xd800) {
      const low: u32 = from < end ? load<u16>(from) : 0;
      if (c < 0xdc00 && (low & 0xfc00) == 0xdc00) {
        c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
        from += 2;
      } else {
        c = 0xfffd;
      }
    }
    at = utf8(at, c);
  }
  return at;
}

function escape(at: usize, c: u32): usize {
  store<u8>(at++, 0x5c);
  if (c == 0x22 || c == 0x5c) {
    store<u8>(at++, c);
  } else if (c == 0x0a) {
    store<u8>(at++, 0x6e);
  } else {
    store<u8>(at++, 0x75);
    store<u8>(at++, 0x30);
    store<u8>(at++, 0x30);
    store<u8>(at++, c < 16 ? 0x30 : 0x31);
    store<u8>(at++, (c & 15) + ((c & 15) < 10 ? 0x30 : 0x57));
  }
  return at;
}

function utf8(at: usize, c: u32): usize {
  if (c < 0x800) {
    store<u8>(at++, 0xc0 | (c >> 6));
  } else {
    if (c < 0x10000) {
      store<u8>(at++, 0xe0 | (c >> 12));
    } else {
      store<u8>(at++, 0xf0 | (c >> 18));
      store<u8>(at++, 0x80 | ((c >> 12) & 63));
    }
    store<u8>(at++, 0x80 | ((c >> 6) & 63));
  }
  store<u8>(at++, 0x80 | (c & 63));
  return at;
}
