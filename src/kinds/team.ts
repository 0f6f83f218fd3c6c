import { Type } from 'typebox';
import { team as address } from '../core/address.ts';
import { text } from '../core/field.ts';
import { ordinary } from './parts/ordinary.ts';

const spec = Type.Object({
  description: text({
    max: 256,
    nullable: true,
    description: 'What the team is for; null clears it.',
    examples: ['Owns the platform'],
  }),
});

/** A group of people and service accounts that can hold roles. */
export const team = ordinary({
  name: 'team',
  summary: 'A group of people and service accounts that can hold roles.',
  plural: 'teams',
  spec,
  examples: [{ description: 'Owns the platform' }],
  address,
  nameField: 'name',
  paths: { list: '/organizations/{organization_id}/teams', create: '/teams', one: '/teams/{team_id}' },
  organizationInBody: true,
});
