/**
 * @module CPU time and memory of processes, from Linux's /proc.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of one tick: the kernel reports 100 ticks a second to programs on every architecture. */
const TICK_MS = 10;

interface Stat {
  parent: number;
  ticks: number;
}

function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses and may itself hold spaces.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0);
    return { parent: Number(fields[1]), ticks };
  } catch {
    return undefined;
  }
}

/** The process and its living descendants. */
function tree(pid: number): Map<number, Stat> {
  const all = new Map<number, Stat>();
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? readStat(Number(entry)) : undefined;
    if (stat) all.set(Number(entry), stat);
  }
  const found = new Map<number, Stat>();
  const visit = (id: number): void => {
    const stat = all.get(id);
    if (!stat || found.has(id)) return;
    found.set(id, stat);
    for (const [child, { parent }] of all) if (parent === id) visit(child);
  };
  visit(pid);
  return found;
}

/** CPU milliseconds used so far by a process, its living descendants and those it has waited for. */
export function cpuMs(pid: number): number {
  let ticks = 0;
  for (const stat of tree(pid).values()) ticks += stat.ticks;
  return ticks * TICK_MS;
}

/** Resident memory of a process and its descendants, now and at its highest, in MiB. */
export function memory(pid: number): { rssMiB: number; peakMiB: number } {
  let rss = 0;
  let peak = 0;
  for (const id of tree(pid).keys()) {
    try {
      const status = readFileSync(`/proc/${id}/status`, 'utf8');
      rss += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
      peak += Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    } catch {
      // It ended between the two readings.
    }
  }
  return { rssMiB: Math.round(rss / 1024), peakMiB: Math.round(peak / 1024) };
}

/** Busy CPU milliseconds of the whole machine, all cores together. */
export function machineCpuMs(): number {
  const [user, nice, system, , , irq, softIrq] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]!
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user! + nice! + system! + irq! + softIrq!) * TICK_MS;
}
