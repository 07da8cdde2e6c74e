import { json, redirect, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { courseList } from '~/courses';
import { reader } from '~/db';
import { actorOf, authorise, can } from '~/identity';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, Card, Page, Section } from '~/ui';

/** Visitors see what is open to them; everybody else goes to the first screen of their role. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await actorOf(request);
  authorise(actor, 'use public pages');
  if (actor) return redirect(firstScreen(actor));
  const open = await courseList(reader(), { access: 'open', lang: langOf(request) });
  return json({ open: open.map(({ slug, title, summary }) => ({ slug, title, summary })) });
}

function firstScreen(actor: NonNullable<Awaited<ReturnType<typeof actorOf>>>): string {
  if (can(actor, 'see who may start')) return '/hr';
  if (can(actor, 'invigilate')) return '/invigilate';
  if (can(actor, 'see items')) return '/author';
  if (can(actor, 'see administration')) return '/admin';
  return '/home';
}

export default function Landing() {
  const { open } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('shell.landing-title')} lead={t('shell.landing-lead')}
      actions={<><ButtonLink to="/sign-in" kind="primary">{t('shell.sign-in')}</ButtonLink><ButtonLink to="/activate" kind="secondary">{t('shell.landing-activate')}</ButtonLink></>}>
      <Section title={t('shell.landing-open')}>
        {open.map((course) => (
          <Card key={course.slug}>
            <h3>{course.title}</h3>
            <p>{course.summary}</p>
            <ButtonLink to={`/courses/${course.slug}`} kind="secondary">{t('shell.landing-read')}</ButtonLink>
          </Card>
        ))}
      </Section>
      <Section title={t('shell.landing-check')}>
        <p>{t('shell.landing-check-text')}</p>
        <ButtonLink to="/check" kind="secondary">{t('shell.nav-check')}</ButtonLink>
      </Section>
    </Page>
  );
}
