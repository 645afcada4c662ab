import { IconHistory, IconKey, IconServer, IconUserCircle, IconWorld } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { isHelper, isPlatformAdmin, useMe } from '#lib/me.ts';
import { useWords } from '#lib/words.ts';
import classes from './shell.module.css';
import { layoutWords } from './words.ts';

const icon = { size: 19, stroke: 1.7, 'aria-hidden': true } as const;

/** The places of the console; only those that the reader may go to. */
export const Navigation = () => {
  const words = useWords(layoutWords);
  const me = useMe();
  return (
    <ul className={classes.links}>
      {isHelper(me) && (
        <li>
          <Link to="/domains" className={classes.link}>
            <IconWorld {...icon} /> {words.domains}
          </Link>
        </li>
      )}
      {me.sys_admin && (
        <>
          <li>
            <Link to="/audit" className={classes.link}>
              <IconHistory {...icon} /> {words.audit}
            </Link>
          </li>
          <li>
            <Link to="/api-keys" className={classes.link}>
              <IconKey {...icon} /> {words.apiKeys}
            </Link>
          </li>
        </>
      )}
      {isPlatformAdmin(me) && (
        <li>
          <Link to="/platform" className={classes.link}>
            <IconServer {...icon} /> {words.platform}
          </Link>
        </li>
      )}
      <li>
        <Link to="/account" className={classes.link}>
          <IconUserCircle {...icon} /> {words.account}
        </Link>
      </li>
    </ul>
  );
};
