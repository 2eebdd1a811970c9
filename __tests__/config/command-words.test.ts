import { describe, expect, it } from 'vitest';

import { splitCommand } from '../../src/config/command-words.ts';

describe('a command as words', () => {
  it.each([
    ['python serve.py', ['python', 'serve.py']],
    ['  python\t serve.py  --port   8080 ', ['python', 'serve.py', '--port', '8080']],
    [`python "my server.py" 'a  b'`, ['python', 'my server.py', 'a  b']],
    [`python --name="a b"c`, ['python', '--name=a bc']],
    [`python '' ""`, ['python', '', '']],
    [`python 'a|b' "c && d" '$HOME'`, ['python', 'a|b', 'c && d', '$HOME']],
    [`python "it's"`, ['python', `it's`]],
    // No shell: a star and a tilde are letters, and a backslash belongs to a path.
    [String.raw`C:\py\python.exe ~/*.py`, [String.raw`C:\py\python.exe`, '~/*.py']],
    ['python serve.py --set key=value', ['python', 'serve.py', '--set', 'key=value']],
  ])('%s', (command, words) => {
    expect(splitCommand(command)).toEqual({ words });
  });

  it.each([
    ['cd models && python serve.py', 'has a "&"'],
    ['python serve.py | tee log', 'has a "|"'],
    ['python serve.py; true', 'has a ";"'],
    ['python serve.py > log', 'has a ">"'],
    ['python $HOME/serve.py', 'has a "$"'],
    ['python `which serve`', 'has a "`"'],
    ['python "serve.py', 'has a quote " that is not closed'],
    ["python it's.py", "has a quote ' that is not closed"],
    ['python a.py\npython b.py', 'has several lines'],
    ['python a\u0000.py', 'has a control character'],
    ['PORT=1 python serve.py', 'begins with "PORT=1"'],
    ['"" serve.py', 'begins with an empty word'],
    ['   ', 'is empty'],
  ])('refuses %j', (command, mistake) => {
    expect(splitCommand(command)).toHaveProperty('mistake', expect.stringContaining(mistake));
  });
});
