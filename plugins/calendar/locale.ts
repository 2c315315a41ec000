// How languages write dates, and how they say how far away they are. The words are those of the Unicode CLDR.

/** A language, or the way that a country writes it. */
export class Locale {
  /** {weekday} {day} {dd} {month} {mon} {m} {mm} {year} {yy} stand for parts of a date, {hour} {h24} {hh} {minute} {ampm} for those of a time. */
  full: string = "";
  long: string = "";
  medium: string = "";
  short: string = "";
  time: string = "{hh}:{minute}";
  months: string[] = [];
  shortMonths: string[] = [];
  weekdays: string[] = [];
  now: string = "";
  /** Days by name, from the one before yesterday to the one after tomorrow; empty where there is no word for it. */
  days: string[] = [];
  future: string = "";
  past: string = "";
  /** Of minute, hour, day, month and year: the forms for one, for several, and where there is one for many. */
  units: string[] = [];
}

const locales = new Map<string, Locale>();

/** The names of all locales. */
export function names(): string[] {
  return locales.keys();
}

/** The locale of a name that is among the names. */
export function locale(name: string): Locale {
  return locales.get(name);
}

function add(name: string, months: string, shortMonths: string, weekdays: string): Locale {
  const l = new Locale();
  l.months = months.split(" ");
  l.shortMonths = shortMonths.split(" ");
  l.weekdays = weekdays.split(" ");
  locales.set(name, l);
  return l;
}

function relative(l: Locale, now: string, days: string, future: string, past: string, units: string): void {
  l.now = now;
  l.days = days.split("|");
  l.future = future;
  l.past = past;
  l.units = units.split(" ");
}

const ENGLISH_MONTHS = "January February March April May June July August September October November December";
const ENGLISH_DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday";
const ENGLISH_UNITS = "minute|minutes hour|hours day|days month|months year|years";

let l = add("en", ENGLISH_MONTHS, "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", ENGLISH_DAYS);
l.full = "{weekday}, {month} {day}, {year}";
l.long = "{month} {day}, {year}";
l.medium = "{mon} {day}, {year}";
l.short = "{m}/{day}/{yy}";
l.time = "{hour}:{minute} {ampm}";
relative(l, "now", "|yesterday|today|tomorrow|", "in {n} {unit}", "{n} {unit} ago", ENGLISH_UNITS);

l = add("en-gb", ENGLISH_MONTHS, "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec", ENGLISH_DAYS);
l.full = "{weekday}, {day} {month} {year}";
l.long = "{day} {month} {year}";
l.medium = "{day} {mon} {year}";
l.short = "{dd}/{mm}/{year}";
relative(l, "now", "|yesterday|today|tomorrow|", "in {n} {unit}", "{n} {unit} ago", ENGLISH_UNITS);

l = add(
  "de",
  "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
  "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
  "Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag",
);
l.full = "{weekday}, {day}. {month} {year}";
l.long = "{day}. {month} {year}";
l.medium = "{dd}.{mm}.{year}";
l.short = "{dd}.{mm}.{yy}";
relative(
  l,
  "jetzt",
  "vorgestern|gestern|heute|morgen|übermorgen",
  "in {n} {unit}",
  "vor {n} {unit}",
  "Minute|Minuten Stunde|Stunden Tag|Tagen Monat|Monaten Jahr|Jahren",
);

l = add(
  "fr",
  "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
  "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
  "dimanche lundi mardi mercredi jeudi vendredi samedi",
);
l.full = "{weekday} {day} {month} {year}";
l.long = "{day} {month} {year}";
l.medium = "{day} {mon} {year}";
l.short = "{dd}/{mm}/{year}";
relative(
  l,
  "maintenant",
  "avant-hier|hier|aujourd’hui|demain|après-demain",
  "dans {n} {unit}",
  "il y a {n} {unit}",
  "minute|minutes heure|heures jour|jours mois|mois an|ans",
);

l = add(
  "es",
  "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
  "ene feb mar abr may jun jul ago sept oct nov dic",
  "domingo lunes martes miércoles jueves viernes sábado",
);
l.full = "{weekday}, {day} de {month} de {year}";
l.long = "{day} de {month} de {year}";
l.medium = "{day} {mon} {year}";
l.short = "{day}/{m}/{yy}";
l.time = "{h24}:{minute}";
relative(
  l,
  "ahora",
  "anteayer|ayer|hoy|mañana|pasado mañana",
  "dentro de {n} {unit}",
  "hace {n} {unit}",
  "minuto|minutos hora|horas día|días mes|meses año|años",
);

l = add(
  "it",
  "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
  "gen feb mar apr mag giu lug ago set ott nov dic",
  "domenica lunedì martedì mercoledì giovedì venerdì sabato",
);
l.full = "{weekday} {day} {month} {year}";
l.long = "{day} {month} {year}";
l.medium = "{day} {mon} {year}";
l.short = "{dd}/{mm}/{yy}";
relative(
  l,
  "ora",
  "l’altro ieri|ieri|oggi|domani|dopodomani",
  "tra {n} {unit}",
  "{n} {unit} fa",
  "minuto|minuti ora|ore giorno|giorni mese|mesi anno|anni",
);

l = add(
  "nl",
  "januari februari maart april mei juni juli augustus september oktober november december",
  "jan feb mrt apr mei jun jul aug sep okt nov dec",
  "zondag maandag dinsdag woensdag donderdag vrijdag zaterdag",
);
l.full = "{weekday} {day} {month} {year}";
l.long = "{day} {month} {year}";
l.medium = "{day} {mon} {year}";
l.short = "{dd}-{mm}-{year}";
relative(
  l,
  "nu",
  "eergisteren|gisteren|vandaag|morgen|overmorgen",
  "over {n} {unit}",
  "{n} {unit} geleden",
  "minuut|minuten uur|uur dag|dagen maand|maanden jaar|jaar",
);

l = add(
  "pt",
  "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
  "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
  "domingo segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado",
);
l.full = "{weekday}, {day} de {month} de {year}";
l.long = "{day} de {month} de {year}";
l.medium = "{day} de {mon} de {year}";
l.short = "{dd}/{mm}/{year}";
relative(
  l,
  "agora",
  "anteontem|ontem|hoje|amanhã|depois de amanhã",
  "em {n} {unit}",
  "há {n} {unit}",
  "minuto|minutos hora|horas dia|dias mês|meses ano|anos",
);

l = add(
  "pl",
  "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
  "sty lut mar kwi maj cze lip sie wrz paź lis gru",
  "niedziela poniedziałek wtorek środa czwartek piątek sobota",
);
l.full = "{weekday}, {day} {month} {year}";
l.long = "{day} {month} {year}";
l.medium = "{day} {mon} {year}";
l.short = "{day}.{mm}.{year}";
relative(
  l,
  "teraz",
  "przedwczoraj|wczoraj|dzisiaj|jutro|pojutrze",
  "za {n} {unit}",
  "{n} {unit} temu",
  "minutę|minuty|minut godzinę|godziny|godzin dzień|dni|dni miesiąc|miesiące|miesięcy rok|lata|lat",
);
