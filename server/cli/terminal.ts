/** Where a person reads: results on `print`, progress and problems on `complain`. */
export type Terminal = { print(line: string): void; complain(line: string): void };

export const standardTerminal: Terminal = {
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
};
