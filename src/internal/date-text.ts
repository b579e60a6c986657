const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/i

/** The moment that an ISO 8601 text with an offset names; `undefined` when it names none. */
export function parseMoment(text: string): Date | undefined {
  return MOMENT.test(text) && isDay(text.slice(0, 10)) ? validDate(text) : undefined
}

/** Whether there is such a day: JavaScript itself takes the 30th of February for the 2nd of March. */
export function isDay(text: string): boolean {
  const date = /^\d{4}-\d\d-\d\d$/.test(text) ? validDate(`${text}T00:00:00Z`) : undefined
  return date?.toISOString().slice(0, 10) === text
}

function validDate(text: string): Date | undefined {
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? undefined : date
}
