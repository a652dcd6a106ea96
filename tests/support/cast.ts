/** The people of the tests. Everybody is made up. */
export const desks = [
  { code: 'SG-CCD', name: 'Cyber Command Singapore', country: 'SG', kind: 'police' },
  { code: 'TH-CCIB', name: 'Cyber Crime Bureau Thailand', country: 'TH', kind: 'police' },
  { code: 'ID-SIBER', name: 'Cyber Directorate Indonesia', country: 'ID', kind: 'police' },
  { code: 'VN-A05', name: 'Cyber Department Viet Nam', country: 'VN', kind: 'police' },
  { code: 'FR-OFAC', name: 'Cyber Office France', country: 'FR', kind: 'police' },
  { code: 'NORDWAND', name: 'Nordwand Security', country: 'DE', kind: 'partner' },
] as const;

export const cast = [
  { handle: 'tan.wei', name: 'Tan Wei', desk: 'SG-CCD' },
  { handle: 'chanida', name: 'Chanida Prasert', desk: 'TH-CCIB' },
  { handle: 'sari', name: 'Sari Rahma', desk: 'ID-SIBER' },
  { handle: 'nguyen', name: 'Nguyen Minh', desk: 'VN-A05' },
  { handle: 'bruno', name: 'Bruno Lefevre', desk: 'FR-OFAC' },
  { handle: 'amelie', name: 'Amélie Roux', desk: 'FR-OFAC' },
  { handle: 'jonas', name: 'Jonas Vogt', desk: 'NORDWAND' },
  { handle: 'petra', name: 'Petra Lind', desk: 'NORDWAND' },
] as const;
