import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { ClearanceRecord } from '~/ui/clearance/clearance-record';
import { loadClearance } from '~/ui/clearance/clearance-record.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** The same record for the person concerned. */
export const loader = async ({ request, params }: LoaderFunctionArgs) => json(await loadClearance(request, params['id']));

export default function OwnClearance() {
  return <ClearanceRecord data={useLoaderData<typeof loader>()} path="/my/clearance" />;
}
