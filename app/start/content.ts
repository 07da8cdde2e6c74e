import { ensureStandardProgramme, loadCalendar, syncHourRules } from '~/certification';
import { syncCourses } from '~/courses';
import { syncExams } from '~/exams';
import { clock } from '~/kernel/clock';
import type { Config } from '~/kernel/config';
import { adoptRootOrganisation } from '~/people';

/** Loads the course folders, and what hangs on them. A broken folder is named; the others are served. */
export async function loadContent(config: Config, tell: (line: string) => void): Promise<void> {
  await loadCalendar();
  await adoptRootOrganisation();
  const { problems } = await syncCourses(config.COURSES_DIR, clock.now());
  for (const problem of problems) tell(`Course not loaded: ${problem.file}:${problem.line}: ${problem.message}`);
  await syncExams(clock.now());
  await ensureStandardProgramme(clock.now());
  for (const problem of await syncHourRules(config.HOUR_RULES_DIR)) tell(`Hour rule not loaded: ${problem}`);
}
