import { useEffect, type RefObject } from 'react';

/**
 * Tells the styles how much of the window the head that stays takes, so that nothing that gets the keyboard is
 * scrolled under it: its height changes with the window, the language and what it says. Until this has run, and
 * without JavaScript, the styles hold a guess.
 */
export function useHeadRoom(form: RefObject<HTMLFormElement>): void {
  useEffect(() => {
    const head = form.current?.querySelector('.player-head');
    if (!head) return;
    const measure = () => {
      const stays = getComputedStyle(head).position === 'sticky';
      form.current?.style.setProperty('--head-room', `${stays ? Math.ceil(head.getBoundingClientRect().height) : 0}px`);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(head);
    window.addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, [form]);
}
