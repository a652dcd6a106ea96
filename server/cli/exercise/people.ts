import type { DeskKind, Role } from '#shared/policy/can.ts';

/** The desks and people of the exercise. All of them are made up. */
export const exerciseDesks: readonly { code: string; name: string; country: string; kind: DeskKind }[] = [
  { code: 'SG-CCD', name: 'Cybercrime Command, Singapore', country: 'SG', kind: 'police' },
  { code: 'TH-CCIB', name: 'Cyber Crime Bureau, Thailand', country: 'TH', kind: 'police' },
  { code: 'ID-SIBER', name: 'Cyber Directorate, Indonesia', country: 'ID', kind: 'police' },
  { code: 'VN-A05', name: 'High-tech Crime Department, Viet Nam', country: 'VN', kind: 'police' },
  { code: 'MY-CCID', name: 'Commercial Crime Department, Malaysia', country: 'MY', kind: 'police' },
  { code: 'PH-ACG', name: 'Anti-Cybercrime Group, Philippines', country: 'PH', kind: 'police' },
  { code: 'FR-OFAC', name: 'Anti-Cybercrime Office, France', country: 'FR', kind: 'police' },
  { code: 'NZ-REV', name: 'Independent Review, New Zealand', country: 'NZ', kind: 'police' },
  { code: 'NORDWAND', name: 'Nordwand Security', country: 'DE', kind: 'partner' },
];

export const exercisePeople: readonly { handle: string; name: string; desk: string; role: Role }[] = [
  { handle: 'tan.wei', name: 'Tan Wei', desk: 'SG-CCD', role: 'lead' },
  { handle: 'chanida', name: 'Chanida Prasert', desk: 'TH-CCIB', role: 'officer' },
  { handle: 'somchai', name: 'Somchai Rattana', desk: 'TH-CCIB', role: 'officer' },
  { handle: 'sari', name: 'Sari Rahma', desk: 'ID-SIBER', role: 'officer' },
  { handle: 'nguyen', name: 'Nguyen Minh', desk: 'VN-A05', role: 'officer' },
  { handle: 'aisyah', name: 'Aisyah Karim', desk: 'MY-CCID', role: 'officer' },
  { handle: 'reyes', name: 'Luis Reyes', desk: 'PH-ACG', role: 'observer' },
  { handle: 'bruno', name: 'Bruno Lefevre', desk: 'FR-OFAC', role: 'officer' },
  { handle: 'helena', name: 'Helena Marsh', desk: 'NZ-REV', role: 'auditor' },
  { handle: 'jonas', name: 'Jonas Vogt', desk: 'NORDWAND', role: 'officer' },
];
